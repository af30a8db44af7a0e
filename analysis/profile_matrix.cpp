#include "analysis/profile_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace varprop {

ProfileMatrix ProfileMatrix::columns(Eigen::Index first, Eigen::Index last) const {
  const Eigen::Index count = last - first + 1;
  return {layers.segment(first, count), values.middleCols(first, count)};
}

ProfileMatrix profile_matrix(const PointResults& results, const QuantityResults& quantity, Window window) {
  const std::size_t count = window.last - window.first + 1;
  std::vector<std::span<const double>> rows;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch) {
    const auto row = profile(results, quantity, batch).subspan(window.first, count);
    if (std::none_of(row.begin(), row.end(), [](double y) { return std::isnan(y); })) rows.push_back(row);
  }
  const auto columns = static_cast<Eigen::Index>(count);
  ProfileMatrix matrix{Eigen::VectorXd(columns),
                       Eigen::MatrixXd(static_cast<Eigen::Index>(rows.size()), columns)};
  for (Eigen::Index i = 0; i < columns; ++i) {
    matrix.layers[i] = results.layers[window.first + static_cast<std::size_t>(i)];
    for (Eigen::Index b = 0; b < matrix.batches(); ++b) {
      matrix.values(b, i) = rows[static_cast<std::size_t>(b)][static_cast<std::size_t>(i)];
    }
  }
  return matrix;
}

}  // namespace varprop
