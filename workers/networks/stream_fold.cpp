#include "workers/networks/stream_fold.hpp"

#include <algorithm>

namespace varprop::workers {

StreamFold::StreamFold(const LayerSpaces& spaces)
    : axes_(spaces.stream),
      known_(axes_.centre + axes_.signal),
      rotation_(spaces.rotation),
      frame_(rotation_.rows(), static_cast<std::size_t>(axes_.gradient)) {}

WrittenColumns StreamFold::columns(Panel& panel, std::int64_t first_row) {
  columns_.clear();
  for (std::size_t t = 0; t < panel.columns(); ++t) columns_.push_back(panel.data(t) + first_row);
  return columns_;
}

void StreamFold::fold(Panel& X) {
  turn_.triangulate(columns(X, axes_.centre), static_cast<std::size_t>(axes_.signal + axes_.beside));
}

/// The frame is Gaussian columns over their triangle of positive diagonal.
void StreamFold::unfold(Panel& D, const Stream& draws) {
  if (axes_.gradient > 0) {
    const auto rows = static_cast<std::size_t>(frame_.rows());
    rotation_.draw(draws, 0, columns(frame_, 0));
    to_frame_.triangulate(columns(frame_, 0), rows);
    const WrittenColumns beside = columns(D, known_);
    for (double* const column : beside) {
      for (std::size_t i = 0; i < to_frame_.count(); ++i) column[i] *= to_frame_.sign(i);
      std::fill(column + axes_.gradient, column + rows, 0.0);
    }
    to_frame_.apply(beside);
  }
  turn_.apply(columns(D, axes_.centre));
}

void StreamFold::fold_gradient(Panel& D) {
  const std::int64_t rows = axes_.rows - known_;
  if (rows > 0) to_triangle_.triangulate(columns(D, known_), static_cast<std::size_t>(rows));
}

}  // namespace varprop::workers
