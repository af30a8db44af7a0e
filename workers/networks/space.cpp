#include "workers/networks/space.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "workers/kernels/drawn_matrix.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

/// Behind all normals of a stream.
constexpr std::uint64_t first_chi_squared = std::uint64_t{1} << 23;

/// T vectors where so many axes are taken of `dimension`.
NewRows new_rows(std::int64_t taken, std::int64_t dimension, std::int64_t T) {
  return {taken, dimension - taken, std::min(T, dimension - taken), 0};
}

NewRows with_rows(NewRows group, std::int64_t rows) {
  group.later = rows - group.rows();
  return group;
}

StreamAxes axes_of(const StreamNetwork& network) {
  const std::int64_t T = network.tokens, centre = centres(network.norm) ? 1 : 0;
  StreamAxes axes{.n = network.n, .rows = 0, .folded = true, .centre = centre};
  const std::int64_t N = network.n - centre;
  axes.signal = std::min(T, N);
  const std::int64_t left = N - axes.signal;
  axes.beside = std::min(left, T + (network.bias_variance.zero() ? 0 : 1));
  axes.gradient = std::min(left, T);
  const std::int64_t unfolded = axes.beside + std::min(axes.gradient, left - axes.beside);
  const std::int64_t sum = axes.gradient + std::min(T, left - axes.gradient);
  axes.rows = centre + axes.signal + std::max(unfolded, sum);
  return axes;
}

}  // namespace

Space::Space(const std::vector<NewRows>& groups) {
  for (const NewRows& rows : groups) {
    rows_ += rows.times * rows.rows();
    groups_.push_back({rows, {}});
    for (std::int64_t i = 0; i < rows.fresh; ++i) groups_.back().diagonal.emplace_back(rows.beside - i);
  }
}

/// What is left of those drawn.
struct Space::Numbers {
  const Stream& draws;
  const double* normals;
  const double* normals_of_lengths;
  const double* uniforms;
  std::uint64_t slot;

  /// χ; where its first numbers are rejected from others.
  double length(const ChiSquared& chi_squared) {
    const auto sample = chi_squared.k() > 2 ? chi_squared.from(*normals_of_lengths, *uniforms) : std::nullopt;
    ++normals_of_lengths;
    ++uniforms;
    const double square = sample ? *sample : chi_squared(draws, slot);
    ++slot;
    return std::sqrt(square);
  }
};

/// All normals, then those that lengths are made of, then uniform numbers for lengths.
void Space::draw(const Stream& draws, std::uint64_t first, std::span<double* const> columns) {
  if (groups_.empty()) {
    for (std::size_t j = 0; j < columns.size(); ++j)
      draw_normal_column(draws, first + j, rows_, {columns[j], padded(rows_)});
    return;
  }
  VARPROP_EXPECT(first == 0);
  const auto T = static_cast<std::int64_t>(columns.size());
  std::int64_t normals = 0, lengths = 0, row = 0;
  for (const auto& [rows, diagonal] : groups_) {
    normals += rows.times * T * (rows.taken + std::min(T, rows.fresh));
    lengths += rows.times * std::min(T, rows.fresh);
  }
  normals_.resize(padded(normals + lengths));
  uniforms_.resize(padded(lengths));
  draw_normal_column(draws, 0, normals + lengths, normals_);
  draw_uniforms(draws, groups_of(normals + lengths), lengths, uniforms_);
  Numbers numbers{draws, normals_.data(), normals_.data() + normals, uniforms_.data(), first_chi_squared};
  for (const Group& group : groups_)
    for (std::int64_t time = 0; time < group.rows.times; ++time, row += group.rows.rows())
      draw_one(group, row, columns, numbers);
}

void Space::draw_one(const Group& group, std::int64_t row, std::span<double* const> columns,
                     Numbers& numbers) {
  const std::int64_t taken = group.rows.taken;
  const std::int64_t triangle = std::min(static_cast<std::int64_t>(columns.size()), group.rows.fresh);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    double* const out = columns[j] + row;
    const std::int64_t diagonal = std::min(static_cast<std::int64_t>(j), triangle);
    std::copy_n(numbers.normals, taken + diagonal, out);
    numbers.normals += taken + triangle;
    std::fill(out + taken + diagonal, out + group.rows.rows(), 0.0);
    if (diagonal < triangle) out[taken + diagonal] = numbers.length(group.diagonal[j]);
  }
}

LayerSpaces whole_spaces(const StreamNetwork& network) {
  const Space stream(network.n), projections(3 * network.n);
  return {.stream = {.n = network.n, .rows = network.n},
          .tokens = stream,
          .output = stream,
          .written = stream,
          .written_bias = stream,
          .read = stream,
          .rotation = stream,
          .head = network.n / network.heads,
          .projections = projections,
          .heads = stream};
}

LayerSpaces folded_spaces(const StreamNetwork& network) {
  const StreamAxes axes = axes_of(network);
  const std::int64_t T = network.tokens, n = axes.n, d = n / network.heads;
  const std::int64_t known = axes.centre + axes.signal, head = std::min(2 * T, d);
  const auto on_stream = [&](std::int64_t taken, std::int64_t vectors) {
    return Space({with_rows(new_rows(taken, n, vectors), axes.rows)});
  };
  const auto of_heads = [&](std::int64_t taken) {
    NewRows group = with_rows(new_rows(taken, d, T), head);
    group.times = network.heads;
    return group;
  };
  const NewRows firsts = of_heads(0), seconds = of_heads(std::min(T, d));
  return {.stream = axes,
          .tokens = on_stream(axes.centre, T),
          .output = on_stream(known, T),
          .written = on_stream(known, T),
          .written_bias = on_stream(std::min(known + T, n), 1),
          .read = on_stream(known + axes.gradient, T),
          .rotation = Space({new_rows(axes.beside, n - known, axes.gradient)}),
          .head = head,
          .projections = Space({firsts, seconds, firsts}),
          .heads = Space({seconds})};
}

}  // namespace varprop::workers
