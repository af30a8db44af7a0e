// Eigen's decompositions behind plain functions: each takes seconds to compile, so one file does it for all.
#pragma once

#include <Eigen/Core>

namespace varprop {

/// The least-squares solutions of A X ≈ B, a column for each column of B, by QR with column pivots. A is of
/// full rank and has at least as many rows as columns.
Eigen::VectorXd least_squares_solution(const Eigen::MatrixXd& A, const Eigen::VectorXd& b);
Eigen::MatrixXd least_squares_solutions(const Eigen::MatrixXd& A, const Eigen::MatrixXd& B);

/// A solution beside the pseudo-inverse A⁺, from one decomposition.
struct SolutionAndInverse {
  Eigen::VectorXd solution;
  Eigen::MatrixXd inverse;
};
SolutionAndInverse solve_and_invert(const Eigen::MatrixXd& A, const Eigen::VectorXd& b);

/// x of S x = b, S symmetric and semidefinite; not finite, or of the wrong sign, where S has no inverse.
Eigen::VectorXd symmetric_solution(const Eigen::MatrixXd& S, const Eigen::VectorXd& b);

/// As many orthonormal columns as A has, the first k of which span its first k.
Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& A);

}  // namespace varprop
