// Matrices of independent entries, as networks use them: drawn, or never drawn. Blocks are written over
// either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/network/axes.hpp"
#include "core/random/stream.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/networks/panel.hpp"

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
/// theirs. A new x = R c + ρ r, r orthogonal to R, has the image NR c + ρ N r with
///     N r = g + L((NᵀL)ᵀ r − Lᵀ g),   g fresh standard normal,
/// what L knows of it and fresh beside; and so with the sides exchanged. Gram–Schmidt twice, which is
/// orthogonal to rounding; what is left of x below 10⁻¹³ of it is no new direction. O((n_in + n_out)·touches)
/// a column, and as much memory.
class DeferredMatrix : public Matrix {
 public:
  DeferredMatrix(const PointKey& key, std::int64_t n_out, std::int64_t n_in);
  void begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) override;
  void times(const Panel& X, Panel& Y) override;
  void transposed_times(const Panel& Y, Panel& X) override;

 private:
  /// Orthonormal directions of one side and their images on the other.
  struct Side {
    std::vector<std::vector<double>> directions, images;
    std::vector<const double*> direction, image;  ///< where they are, `known` of them
    std::size_t known = 0;

    void forget();
    /// Room for one more.
    void make_room(std::int64_t n, std::int64_t n_image);
    void keep();
  };

  /// out = the image of x, a vector of `from`'s side with n elements; the image has n_image.
  void touch(Side& from, const Side& to, const Stream& draws, std::span<const double> x, std::int64_t n,
             std::int64_t n_image, std::span<double> out);
  void decide(Side& from, const Side& to, const Stream& draws, std::int64_t n, std::int64_t n_image);

  PointKey key_;
  Side right_, left_;
  std::uint32_t replica_ = 0;
  std::uint32_t l_ = 0;
  const StopFlag* stop_ = nullptr;
  std::vector<double> coefficients_, corrections_, fresh_;
};

}  // namespace varprop::workers
