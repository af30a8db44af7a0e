// The profiles of a point's batches over some layers, as a matrix that laws are fitted to.
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "analysis/point_results.hpp"
#include "analysis/window.hpp"

namespace varprop {

/// ⟨ln X_l⟩ of the batches that have a value at every layer of a window.
struct ProfileMatrix {
  Eigen::VectorXd layers;  ///< layer numbers l
  Eigen::MatrixXd values;  ///< a row for each batch, a column for each layer

  Eigen::Index batches() const { return values.rows(); }
  Eigen::Index size() const { return layers.size(); }
  /// The mean profile.
  Eigen::VectorXd mean() const { return values.colwise().mean().transpose(); }
  /// The columns from one to another, both included.
  ProfileMatrix columns(Eigen::Index first, Eigen::Index last) const;
};

/// Batches with a layer where no network is alive are left out.
ProfileMatrix profile_matrix(const PointResults& results, const QuantityResults& quantity, Window window);

}  // namespace varprop
