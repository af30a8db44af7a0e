#include "driver/init/through_depth.hpp"

#include <algorithm>
#include <cmath>

#include "core/math/moments.hpp"
#include "core/network/engine_choice.hpp"
#include "core/random/stream.hpp"
#include "workers/engines.hpp"

namespace varprop::driver {

namespace {

class TheoreticalFamily : public NetworkFamily {
 public:
  explicit TheoreticalFamily(const Family& family) : judge_(family) {}

  ThroughDepth operator()(double weight_variance) override {
    const Judgement judged = judge_(weight_variance);
    const double first = judge_.first_layer(weight_variance);
    ThroughDepth networks{weight_variance, judged, judged.totals.forward.mean - first, first};
    if (judged.regime == analysis::Regime::stable) return networks;
    const auto from_there = judge_.from_first_layer(weight_variance);
    if (from_there && from_there->regime == analysis::Regime::stable)
      networks.judged = *from_there, networks.from_first_layer = true;
    return networks;
  }
  Evidence source() const override { return Evidence::theory; }
  std::int64_t networks() const override { return 0; }

 private:
  DepthJudge judge_;
};

/// Totals of networks, one after another. A dead one is of no total but out of range.
class SampledTotal {
 public:
  void add(double log_change) {
    moments_.add(log_change);
    within_ += std::abs(log_change) < std::log(stable_factor);
  }

  theory::TotalLaw law(std::int64_t networks) const {
    const auto all = static_cast<double>(networks), alive = static_cast<double>(moments_.count());
    return {.mean = moments_.mean(),
            .error = 1.96 * std::sqrt(moments_.variance() / alive),
            .variance = moments_.variance(),
            .share_in_range = static_cast<double>(within_) / all,
            .extinct_share = 1 - alive / all};
  }

 private:
  Moments moments_;
  std::int64_t within_ = 0;
};

Point point_of(const Family& family, double weight_variance) {
  return {family.predict.mean_field().activation(), family.weights,       WeightVariance(weight_variance),
          BiasVariance(family.bias_variance),       Width(*family.width), Depth(family.depth)};
}

class SampledFamily : public NetworkFamily {
 public:
  SampledFamily(const Family& family, std::int64_t networks) : family_(family), networks_(networks) {
    settings_.input_mean_square = family.predict.input_mean_square();
  }

  ThroughDepth operator()(double weight_variance) override {
    const Point point = point_of(family_, weight_variance);
    const PointSeed seed{1, hash_text(canonical_text(point, settings_))};
    const auto engine = workers::make_engine(point, settings_, seed);
    workers::NetworkSample sample(static_cast<std::size_t>(family_.depth));
    const workers::StopFlag stop = false;
    SampledTotal forward, from_first, backward;
    Moments signal, first_layer, sum;
    for (std::int64_t replica = 0; replica < networks_; ++replica) {
      engine->simulate(static_cast<std::uint32_t>(replica), sample, stop);
      const Magnitude &last = sample.forward.back(), &first = sample.backward.front();
      if (!last.zero()) {
        forward.add(last.ln() - std::log(settings_.input_mean_square));
        from_first.add(last.ln() - sample.forward.front().ln());
        signal.add(last.ln() - sample.forward.front().ln());
        first_layer.add(sample.forward.front().ln() - std::log(settings_.input_mean_square));
      }
      if (!first.zero()) backward.add(first.ln());
      if (!last.zero() && !first.zero()) sum.add(last.ln() - sample.forward.front().ln() + first.ln());
    }
    const auto judged = [&](const SampledTotal& counted) {
      const theory::NetworkTotals totals{counted.law(networks_), backward.law(networks_),
                                         theory::TotalsOf::width};
      return Judgement{totals, std::max(regime_of(totals.forward), regime_of(totals.backward))};
    };
    ThroughDepth networks{weight_variance, judged(forward),
                          signal.mean(),   first_layer.mean(),
                          false,           std::sqrt(sum.variance() / static_cast<double>(sum.count()))};
    const Judgement from_there = judged(from_first);
    if (networks.judged.regime != analysis::Regime::stable && from_there.regime == analysis::Regime::stable &&
        std::abs(networks.first_layer) > std::log(stable_factor))
      networks.judged = from_there, networks.from_first_layer = true;
    return networks;
  }
  Evidence source() const override { return Evidence::simulation; }
  std::int64_t networks() const override { return networks_; }

 private:
  Family family_;
  NetworkSettings settings_;
  std::int64_t networks_;
};

}  // namespace

std::unique_ptr<NetworkFamily> theoretical_family(const Family& family) {
  return std::make_unique<TheoreticalFamily>(family);
}

std::unique_ptr<NetworkFamily> sampled_family(const Family& family, std::int64_t networks) {
  return std::make_unique<SampledFamily>(family, networks);
}

std::int64_t affordable_networks(const Family& family, double seconds) {
  if (!family.width) return 0;
  const Point point = point_of(family, 1);
  const NetworkSettings settings;
  if (obstacle(resolve_engine(point, settings), point, settings)) return 0;
  constexpr double most_bytes = 1e9;
  if (workers::network_bytes(point, settings) > most_bytes) return 0;
  return static_cast<std::int64_t>(seconds / (workers::layer_seconds(point, settings) * family.depth));
}

}  // namespace varprop::driver
