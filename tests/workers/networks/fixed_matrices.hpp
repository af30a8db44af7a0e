// Matrices whose entries a test may change, panels from tokens and back, and networks to try.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/random/normal_quantile.hpp"
#include "workers/networks/linear.hpp"
#include "workers/networks/panel.hpp"

namespace varprop::test {

/// A matrix that is stored: row by row.
class StoredMatrix : public workers::Matrix {
 public:
  StoredMatrix(std::vector<double>& entries, std::int64_t n_out, std::int64_t n_in)
      : Matrix(n_out, n_in), entries_(entries) {}
  void begin(std::uint32_t, std::int32_t, const workers::StopFlag&) override {}
  void times(const workers::Panel& X, workers::Panel& Y) override {
    for (std::size_t t = 0; t < X.columns(); ++t) {
      Y.size(t) = X.size(t);
      for (std::size_t i = 0; i < rows(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < columns(); ++j) sum += entries_[i * columns() + j] * X.data(t)[j];
        Y.data(t)[i] = sum;
      }
    }
  }
  void transposed_times(const workers::Panel& Y, workers::Panel& X) override {
    for (std::size_t t = 0; t < Y.columns(); ++t) {
      X.size(t) = Y.size(t);
      for (std::size_t j = 0; j < columns(); ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < rows(); ++i) sum += entries_[i * columns() + j] * Y.data(t)[i];
        X.data(t)[j] = sum;
      }
    }
  }

 private:
  std::size_t rows() const { return static_cast<std::size_t>(n_out()); }
  std::size_t columns() const { return static_cast<std::size_t>(n_in()); }
  std::vector<double>& entries_;
};

/// Matrices of one layer, standard normal to begin with.
class StoredMatrices : public workers::MatrixSource {
 public:
  std::unique_ptr<workers::Matrix> make(std::uint32_t p, const workers::Space& out,
                                        const workers::Space& in) const override {
    const std::int64_t n_out = out.rows(), n_in = in.rows();
    std::vector<double>& own = entries[p];
    if (own.empty()) {
      const Stream draws(key(p), 0, 1, Purpose::weight);
      for (std::int64_t i = 0; i < n_out * n_in; ++i)
        own.push_back(normal_from_bits(draws.draw(static_cast<std::uint64_t>(i))));
    }
    return std::make_unique<StoredMatrix>(own, n_out, n_in);
  }
  PointKey key(std::uint32_t p) const override { return PointKey::derive(5, 7, p); }

  mutable std::map<std::uint32_t, std::vector<double>> entries;
};

/// [T][n]
using Tokens = std::vector<std::vector<double>>;

/// `count` tokens of n standard normals.
inline Tokens normal_tokens(std::size_t count, std::size_t n, std::uint32_t which) {
  Tokens tokens(count, std::vector<double>(n));
  std::uint64_t draw = 0;
  const Stream draws(PointKey::derive(11, 13), which, 0, Purpose::input);
  for (auto& token : tokens)
    for (double& x : token) x = normal_from_bits(draws.draw(draw++));
  return tokens;
}

/// First token and differences, columns of norm 1.
inline workers::Panel signal_of(const Tokens& tokens) {
  workers::Panel X(static_cast<std::int64_t>(tokens[0].size()), tokens.size());
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    X.size(t) = Magnitude::from(1);
    for (std::size_t i = 0; i < tokens[0].size(); ++i)
      X.data(t)[i] = tokens[t][i] - (t == 0 ? 0 : tokens[0][i]);
  }
  X.normalize();
  return X;
}

inline Tokens columns_of(const workers::Panel& X) {
  Tokens columns(X.columns(), std::vector<double>(static_cast<std::size_t>(X.rows())));
  for (std::size_t t = 0; t < X.columns(); ++t)
    for (std::size_t i = 0; i < columns[t].size(); ++i) columns[t][i] = X.size(t).to_double() * X.data(t)[i];
  return columns;
}

inline Tokens tokens_of_signal(const workers::Panel& X) {
  Tokens tokens = columns_of(X);
  for (std::size_t t = 1; t < tokens.size(); ++t)
    for (std::size_t i = 0; i < tokens[t].size(); ++i) tokens[t][i] += tokens[0][i];
  return tokens;
}

/// Columns Σ D_t, D_1, ….
inline workers::Panel gradient_of(const Tokens& tokens) {
  workers::Panel D(static_cast<std::int64_t>(tokens[0].size()), tokens.size());
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    D.size(t) = Magnitude::from(1);
    for (std::size_t i = 0; i < tokens[0].size(); ++i) {
      D.data(t)[i] = tokens[t][i];
      if (t > 0) D.data(0)[i] += tokens[t][i];
    }
  }
  return D;
}

inline Tokens tokens_of_gradient(const workers::Panel& D) {
  Tokens tokens = columns_of(D);
  for (std::size_t t = 1; t < tokens.size(); ++t)
    for (std::size_t i = 0; i < tokens[t].size(); ++i) tokens[0][i] -= tokens[t][i];
  return tokens;
}

}  // namespace varprop::test
