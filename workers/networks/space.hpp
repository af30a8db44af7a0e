// The spaces that vectors of a network live in, as rows of panels: all their components, or those along axes
// that are taken up as vectors come.
//
// Where nothing tells one direction of a space from another but the vectors that have been met there (a
// stream that Gaussian matrices and norms alone read and write; queries and keys of one head), only inner
// products matter, and T vectors need no more than T components, whatever the dimension. A standard normal
// vector that is new has a normal component along each axis that is taken, and what it has beside them, in N
// dimensions, has the length χ_N and is the next axis. So T of them together are rows of normals and, below,
// a triangle of normals with χ_N, χ_{N−1}, … on its diagonal: Bartlett's root of a Wishart matrix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/network/stream.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/random/stream.hpp"

namespace varprop::workers {

/// Rows of new vectors of one space, or of several that are alike.
struct NewRows {
  std::int64_t taken = 0;   ///< axes that are known: normals
  std::int64_t beside = 0;  ///< N, dimensions beside them
  std::int64_t fresh = 0;   ///< axes that may be taken up: rows of the triangle, at most N
  std::int64_t later = 0;   ///< rows of axes behind: zeros
  std::int64_t times = 1;   ///< spaces, one above the other

  std::int64_t rows() const { return taken + fresh + later; }  ///< of one of them
};

/// Standard normal vectors of a space, or of several, one above the other.
class Space {
 public:
  /// R^n by its components.
  explicit Space(std::int64_t n = 0) : rows_(n) {}
  /// These one above the other.
  explicit Space(const std::vector<NewRows>& groups);

  std::int64_t rows() const { return rows_; }
  /// Columns number first, first + 1, … of a stream's vectors; where axes are taken up, all at once (first =
  /// 0), and at most as many as there are `fresh` or fill the space. Shape of a column: [padded(rows())], of
  /// which the first rows() are written.
  void draw(const Stream& draws, std::uint64_t first, std::span<double* const> columns);

 private:
  /// Spaces that are alike, and χ²_N, χ²_{N−1}, ….
  struct Group {
    NewRows rows;
    std::vector<ChiSquared> diagonal;
  };
  struct Numbers;

  static void draw_one(const Group& group, std::int64_t row, std::span<double* const> columns,
                       Numbers& numbers);

  std::int64_t rows_ = 0;
  std::vector<Group> groups_;  ///< none where all components are drawn
  std::vector<double> normals_, uniforms_;
};

/// How a stream is written down: by its n components, or in axes that are taken up as vectors come.
struct StreamAxes {
  std::int64_t n;             ///< of the stream
  std::int64_t rows;          ///< of its panels
  bool folded = false;        ///< whether in axes
  std::int64_t centre = 0;    ///< rows of the mean, along 1/√n, where a norm knows that direction: 0 or 1
  std::int64_t signal = 0;    ///< behind those, of X_l: T
  std::int64_t beside = 0;    ///< behind those, of a layer's output beside X_l
  std::int64_t gradient = 0;  ///< in the same place, of a gradient beside X_l
};

/// Spaces of the vectors of a layer.
struct LayerSpaces {
  StreamAxes stream;
  Space tokens;        ///< normals that X_0 is made of
  Space output;        ///< those of V
  Space written;       ///< of what is written to a stream
  Space written_bias;  ///< of the bias that is added to it
  Space read;          ///< of what comes back from all that reads a stream
  Space rotation;      ///< of the way from the axes of a layer's output to those of its input
  std::int64_t head;   ///< rows of a head
  Space projections;   ///< queries, keys and values of all heads
  Space heads;         ///< of what comes back to the outputs of heads
};

/// All components.
LayerSpaces whole_spaces(const StreamNetwork& network);
/// Axes; of attention and of hidden neurons, whose φ acts on a stream nowhere.
LayerSpaces folded_spaces(const StreamNetwork& network);

}  // namespace varprop::workers
