// What networks of one weight variance do to the signal and to the gradient over their whole depth: by
// theory, or by simulating some.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "core/network/point.hpp"
#include "core/text/words.hpp"
#include "driver/theory/depth_verdict.hpp"

namespace varprop::driver {

enum class Evidence { theory, simulation };

}  // namespace varprop::driver

template <>
struct varprop::EnumWords<varprop::driver::Evidence> {
  static constexpr std::string_view noun = "evidence";
  static constexpr std::array words{std::pair{driver::Evidence::theory, std::string_view("theory")},
                                    std::pair{driver::Evidence::simulation, std::string_view("simulation")}};
};

namespace varprop::driver {

/// Networks of one weight variance.
struct ThroughDepth {
  double weight_variance;  ///< σ_w², times fan-in
  Judgement judged;        ///< by Λ_f = ⟨ln(q_L n/|x|²)⟩ and Λ_b = G, and F; or Λ_f = S
  double signal;           ///< S = ⟨ln(q_L/q_1)⟩
  double first_layer;      ///< ⟨ln(q_1 n/|x|²)⟩
  /// Whether `judged` counts the signal from q_1: where it is stable so, and not from the input, since the
  /// first layer alone changes it by more than F.
  bool from_first_layer = false;
  double standard_error = 0;  ///< of S + G, where it is simulated

  double gradient() const { return judged.totals.backward.mean; }  ///< G = ⟨ln(g_1/g_L)⟩
};

/// Networks that are alike but for their weight variance, looked at where they are asked for. Without a
/// survivor means are NaN.
class NetworkFamily {
 public:
  virtual ~NetworkFamily() = default;
  virtual ThroughDepth operator()(double weight_variance) = 0;
  virtual Evidence source() const = 0;
  virtual std::int64_t networks() const = 0;  ///< that are simulated at a weight variance
};

/// By the walk of theory (theory/finite_width/network_walk.hpp).
std::unique_ptr<NetworkFamily> theoretical_family(const Family& family);

/// By so many networks each, of the engine that a sweep would use, seed 1: the same at every call. Λ has the
/// half-width of its 95 % interval as its error.
std::unique_ptr<NetworkFamily> sampled_family(const Family& family, std::int64_t networks);

/// How many networks of a family can be simulated in so many seconds of one core of the reference machine, by
/// the cost model; 0 where an engine cannot do it. Of networks of infinite width none.
std::int64_t affordable_networks(const Family& family, double seconds);

}  // namespace varprop::driver
