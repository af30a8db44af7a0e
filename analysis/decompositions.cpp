#include "analysis/decompositions.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>

namespace varprop {

Eigen::VectorXd least_squares_solution(const Eigen::MatrixXd& A, const Eigen::VectorXd& b) {
  return A.colPivHouseholderQr().solve(b);
}

Eigen::MatrixXd least_squares_solutions(const Eigen::MatrixXd& A, const Eigen::MatrixXd& B) {
  return A.colPivHouseholderQr().solve(B);
}

SolutionAndInverse solve_and_invert(const Eigen::MatrixXd& A, const Eigen::VectorXd& b) {
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(A);
  return {qr.solve(b), qr.solve(Eigen::MatrixXd::Identity(A.rows(), A.rows()))};
}

Eigen::VectorXd symmetric_solution(const Eigen::MatrixXd& S, const Eigen::VectorXd& b) {
  return S.ldlt().solve(b);
}

Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& A) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(A).householderQ() *
         Eigen::MatrixXd::Identity(A.rows(), A.cols());
}

}  // namespace varprop
