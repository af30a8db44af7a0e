// Matrices of independent entries, as networks use them: drawn, or never drawn. Blocks are written over
// either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/network/axes.hpp"
#include "core/random/stream.hpp"
#include "workers/kernels/panel_products.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/networks/panel.hpp"
#include "workers/networks/space.hpp"

namespace varprop::workers {

/// N = W/√k of n_out × n_in, entries of mean 0 and variance 1. All products between two calls of begin() are
/// with one and the same matrix, which is another for every replica and layer.
class Matrix {
 public:
  Matrix(std::int64_t n_out, std::int64_t n_in) : n_out_(n_out), n_in_(n_in) {}
  virtual ~Matrix() = default;

  std::int64_t n_out() const { return n_out_; }
  std::int64_t n_in() const { return n_in_; }

  /// The matrix of this replica and layer.
  virtual void begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) = 0;
  /// Y = N X. Shapes: X n_in × T, columns of norm 1; Y n_out × T. Throws Stopped.
  virtual void times(const Panel& X, Panel& Y) = 0;
  /// X = Nᵀ Y. Shapes: Y n_out × T, columns of norm 1; X n_in × T. Throws Stopped.
  virtual void transposed_times(const Panel& Y, Panel& X) = 0;

 private:
  std::int64_t n_out_, n_in_;
};

/// Every entry drawn, row by row, again in each product: core/random/stream.hpp has the draws
/// (Purpose::weight). O(n_in n_out) a column, no memory.
class RedrawnMatrix : public Matrix {
 public:
  RedrawnMatrix(WeightDistribution law, const PointKey& key, std::int64_t n_out, std::int64_t n_in);
  void begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) override;
  void times(const Panel& X, Panel& Y) override;
  void transposed_times(const Panel& Y, Panel& X) override;

 private:
  WeightDistribution law_;
  PointKey key_;
  DrawnMatrix matrix_;
};

/// A Gaussian matrix of which only what has been asked is ever decided (deferred decisions: Lu, "Householder
/// Dice: a matrix-free algorithm for simulating dynamics on Gaussian and random orthogonal ensembles",
/// arXiv:2101.07464). The same law as a drawn one, for any questions that may depend on the answers before.
///
/// R are orthonormal directions of n_in that were touched and NR their images, L those of n_out and NᵀL
/// theirs. New columns X = R C + Q K, Q orthonormal and orthogonal to R, have the images NR C + NQ K with
///     NQ = G + L((NᵀL)ᵀ Q − Lᵀ G),   G fresh standard normal,
/// what L knows of it and fresh beside; and so with the sides exchanged. Q is found by Gram–Schmidt, column
/// by column and twice, which is orthogonal to rounding (what is left of a column below 10⁻¹³ of it is no new
/// direction), or, for first columns that are well apart, by Cholesky's factor of their Gram matrix, which
/// costs one pass. O((n_in + n_out)·touches) a column, and as much memory. G is drawn as its side's Space
/// says: all rows, or along axes that are taken up as vectors come (then a side is touched once).
class DeferredMatrix : public Matrix {
 public:
  DeferredMatrix(const PointKey& key, Space out, Space in);
  void begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) override;
  void times(const Panel& X, Panel& Y) override;
  void transposed_times(const Panel& Y, Panel& X) override;

 private:
  /// Orthonormal directions of one side and their images on the other.
  class Side {
   public:
    explicit Side(Space images) : space_of_images_(std::move(images)) {}

    void forget() { known_ = 0; }
    std::size_t known() const { return known_; }
    /// Directions and images that are known.
    ReadColumns directions() const { return {directions_.data(), known_}; }
    ReadColumns images() const { return {images_.data(), known_}; }
    /// Room behind them for so many more; what is there becomes known by keep().
    void make_room(std::size_t more, std::int64_t n, std::int64_t n_image);
    double* direction(std::size_t behind) { return room_[known_ + behind].direction.data(); }
    double* image(std::size_t behind) { return room_[known_ + behind].image.data(); }
    void keep(std::size_t more) { known_ += more; }
    /// Fresh images of so many new directions.
    void draw_images(const Stream& draws, std::span<double* const> images) {
      space_of_images_.draw(draws, known_, images);
    }

   private:
    struct Touch {
      std::vector<double> direction, image;
    };
    Space space_of_images_;
    std::size_t known_ = 0;
    std::vector<Touch> room_;
    std::vector<const double*> directions_, images_;
  };

  /// out = the images of X's columns, of `from`'s side.
  void touch(Side& from, const Side& to, const Stream& draws, const Panel& X, Panel& out);
  std::size_t apart(Side& from, const Panel& X);
  bool apart_by_cholesky(Side& from, const Panel& X);
  std::size_t apart_by_gram_schmidt(Side& from, const Panel& X);
  void decide(Side& from, const Side& to, const Stream& draws, std::size_t more, std::int64_t n,
              std::int64_t n_image);
  double& coefficient(std::size_t direction, std::size_t t) { return coefficients_[direction * T_ + t]; }

  PointKey key_;
  Side right_, left_;
  std::uint32_t replica_ = 0;
  std::uint32_t l_ = 0;
  const StopFlag* stop_ = nullptr;
  std::size_t T_ = 0;                 ///< columns of the touch at hand
  std::vector<double> coefficients_;  ///< of X along old and new directions: [known + T][T]
  std::vector<double> gram_, inverse_, corrections_, fresh_;
  std::vector<const double*> read_;
  std::vector<double*> written_;
};

}  // namespace varprop::workers
