// The tokens that a network reads.
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/stream.hpp"
#include "core/random/stream.hpp"
#include "workers/networks/panel.hpp"
#include "workers/networks/space.hpp"

namespace varprop::workers {

/// T tokens of mean square M on the sphere |x_t|² = nM, whose cosines are all c_0, in directions that are
/// uniform; or one token of another distribution. The draws are those of the plain network's input, a column
/// a token.
class TokenSource {
 public:
  /// c_0 ≥ −1/(T − 1).
  TokenSource(const StreamNetwork& network, const PointKey& key)
      : TokenSource(network, key, whole_spaces(network)) {}
  TokenSource(const StreamNetwork& network, const PointKey& key, const LayerSpaces& spaces);

  /// Shape: X n × T, or so many rows as the stream has; first token and differences, columns of norm 1.
  void draw(std::uint32_t replica, Panel& X);

 private:
  void orthonormalize();
  void correlate(Panel& X);

  InputDistribution input_;
  double root_mean_square_, radius_, correlation_;
  PointKey key_;
  Space normals_;
  Panel E_;  ///< orthonormal directions, of several tokens
  Combination sum_;
  std::vector<double*> columns_;
};

}  // namespace varprop::workers
