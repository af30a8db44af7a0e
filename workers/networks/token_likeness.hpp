// How alike tokens are.
#pragma once

#include <cstdint>
#include <optional>

#include "workers/network/network_sample.hpp"
#include "workers/networks/panel.hpp"
#include "workers/networks/token_norm.hpp"

namespace varprop::workers {

/// Norms of all tokens and the cosines of their pairs.
class TokenLikeness {
 public:
  TokenLikeness(std::int64_t n, std::size_t T);

  /// |X|² of first token and differences.
  Magnitude squared_norm(const Panel& X);
  /// The mean of c_st over pairs and exp of the mean of ln(1 − c_st), 1 − c_st = ½|x̂_s − x̂_t|² (0 where two
  /// are equal to rounding); nothing where a token is 0, and of one token. X as above.
  std::optional<Cosine> operator()(const Panel& X);

  /// The same of a gradient in its coordinates.
  Magnitude squared_norm_of_gradient(const Panel& D);
  std::optional<Cosine> of_gradient(const Panel& D);

 private:
  Magnitude squared_norm_of_tokens() const;
  std::optional<Cosine> of_tokens();
  Magnitude squared_distance(std::size_t s, std::size_t t);

  std::size_t n_;
  Panel tokens_, room_;
  TokenNorm direction_;
  TokenCoordinates coordinates_;
  Combination sum_;
};

}  // namespace varprop::workers
