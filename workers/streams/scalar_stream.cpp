#include "workers/streams/scalar_stream.hpp"

#include <cmath>

#include "core/random/binomial_chi_squared.hpp"
#include "core/random/normal_quantile.hpp"

namespace varprop::workers {

namespace {

/// Numbers of a step's draws, of normals and of χ².
namespace normals {
enum : std::uint64_t { epsilon_along, epsilon_mean, azimuth, beside, mean };
}
namespace chi_squares {
enum : std::uint64_t { epsilon_beside, azimuth, beside };
}

double square(double x) {
  return x * x;
}

/// Σx and Σx² of an input whose elements are drawn one by one.
struct ElementSums {
  double sum = 0, squares = 0;
};

double input_element(InputDistribution input, std::uint64_t bits) {
  return input == InputDistribution::uniform ? uniform_input_element(bits)
                                             : std::fabs(normal_from_bits(bits));
}

ElementSums sum_elements(InputDistribution input, const Stream& draws, std::int64_t n, const StopFlag& stop) {
  constexpr std::int64_t between_looks = 1 << 16;
  ElementSums sums;
  for (std::int64_t i = 0; i < n; ++i) {
    if (i % between_looks == 0) throw_if_stopped(stop);
    const double x = input_element(input, draws.draw(static_cast<std::uint64_t>(i)));
    sums.sum += x;
    sums.squares = std::fma(x, x, sums.squares);
  }
  return sums;
}

/// From |x − x̄1|² and x·1̂.
ScalarSignal signal_of(double across_squared, double mean, const Magnitude& unit) {
  const double norm = std::sqrt(across_squared + mean * mean);
  if (norm == 0) return {};
  return {unit * Magnitude::from(norm), std::sqrt(across_squared) / norm, mean / norm};
}

}  // namespace

ScalarGradient ScalarGradient::of(const Magnitude& unit, double along, double across_squared, double mean) {
  const double squared = across_squared + along * along + mean * mean;
  if (unit.zero() || squared == 0) return {};
  const double norm = std::sqrt(squared);
  return {unit * Magnitude::from(norm), along / norm, across_squared / squared, mean / norm};
}

StreamEnds::StreamEnds(const StreamNetwork& network, const PointKey& key)
    : L_(network.L), centred_(centres(network.norm)), network_(network, network.n, key) {}

ScalarSignal StreamEnds::input(std::uint32_t replica, const StopFlag& stop) const {
  if (centred_) return centred_input(replica, stop);
  return {squared_input(network_, replica, stop).square_root(), 1, 0};
}

/// As squared_input(), with x·1̂ apart.
ScalarSignal StreamEnds::centred_input(std::uint32_t replica, const StopFlag& stop) const {
  const Stream draws = network_.stream(replica, 0, Purpose::input);
  const Magnitude unit = network_.input_mean_square.square_root();
  const auto n = static_cast<double>(network_.n);
  switch (network_.input) {
    case InputDistribution::sphere: {
      const double mean = normal_from_bits(draws.draw(0)), across = ChiSquared(network_.n - 1)(draws, 1);
      ScalarSignal x = signal_of(across, mean, unit);
      x.size = unit * Magnitude::from(std::sqrt(n));
      return x;
    }
    case InputDistribution::gaussian:
      return signal_of(ChiSquared(network_.n - 1)(draws, 1), normal_from_bits(draws.draw(0)), unit);
    case InputDistribution::rademacher: {
      const auto ones = static_cast<double>(binomial_half(draws, network_.n));
      const double mean = (2 * ones - n) / std::sqrt(n);
      return signal_of(4 * ones * (n - ones) / n, mean, unit);
    }
    case InputDistribution::positive:
    case InputDistribution::uniform:
      break;
  }
  const ElementSums sums = sum_elements(network_.input, draws, network_.n, stop);
  return signal_of(sums.squares - square(sums.sum) / n, sums.sum / std::sqrt(n), unit);
}

ScalarGradient StreamEnds::output_gradient(std::uint32_t replica) const {
  const Stream draws = network_.stream(replica, L_, Purpose::output);
  const double along = normal_from_bits(draws.draw(0));
  const double mean = centred_ ? normal_from_bits(draws.draw(1)) : 0;
  const double across = ChiSquared(network_.n - (centred_ ? 2 : 1))(draws, 1);
  ScalarGradient D = ScalarGradient::of(Magnitude::from(1), along, across, mean);
  D.size = Magnitude::from(1);
  return D;
}

ScalarStream::ScalarStream(const StreamNetwork& network, std::unique_ptr<ScalarBranch> branch,
                           const PointKey& key)
    : dimension_(network.n - (centres(network.norm) ? 1 : 0)),
      n_(Magnitude::from(static_cast<double>(network.n))),
      root_n_(n_.square_root()),
      alpha_(Magnitude::from(network.skip)),
      beta_(Magnitude::from(network.branch_scale)),
      centred_(centres(network.norm)),
      before_(before_activation(network.norm)),
      behind_(behind_activation(network.norm)),
      branch_(std::move(branch)),
      key_(key),
      steps_(static_cast<std::size_t>(network.L)) {}

double ScalarStream::normal(const LayerOfNetwork& at, std::uint64_t number) const {
  return normal_from_bits(at.stream(key_, Purpose::radial_component).draw(number));
}

double ScalarStream::chi_squared(const LayerOfNetwork& at, std::uint64_t number, std::int64_t degrees) const {
  return ChiSquared(degrees)(at.stream(key_, Purpose::radial_norm), number);
}

/// |u|².
Magnitude ScalarStream::branch_input(const ScalarSignal& x) const {
  if (!before_) return x.squared_norm();
  return x.size.zero() || x.across == 0 ? Magnitude() : n_;
}

void ScalarStream::forward(const LayerOfNetwork& at, ScalarSignal& x, LayerMeasures& measures) {
  Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  step.x = x;
  step.s = branch_->forward(at, branch_input(x), measures).square_root();
  take_step(at, step, x);
}

/// αx + βsε along x̂, beside it and along 1̂, in units of the longer of the two.
void ScalarStream::take_step(const LayerOfNetwork& at, Step& step, ScalarSignal& x) const {
  step.epsilon_along = normal(at, normals::epsilon_along);
  step.epsilon_beside = std::sqrt(chi_squared(at, chi_squares::epsilon_beside, dimension_ - 1));
  step.epsilon_mean = centred_ ? normal(at, normals::epsilon_mean) : 0;
  const Magnitude kept = alpha_ * x.size, added = beta_ * step.s, unit = larger(kept, added);
  const double a = unit.zero() ? 0 : (kept / unit).to_double();
  const double b = unit.zero() ? 0 : (added / unit).to_double();
  const double along = std::fma(b, step.epsilon_along, a * x.across), beside = b * step.epsilon_beside;
  const double mean = std::fma(b, step.epsilon_mean, a * x.mean);
  const double r = std::sqrt(std::fma(along, along, beside * beside));
  step.cosine = r > 0 ? along / r : 1;
  step.sine = r > 0 ? beside / r : 0;
  step.skip_share = r > 0 ? a * x.across / r : 0;
  step.slope = Magnitude();
  if (before_ && !x.size.zero() && x.across > 0) step.slope = root_n_ / (x.size * Magnitude::from(x.across));
  if (behind_) return normalize(step, unit * Magnitude::from(r), x);
  x = signal_of(r * r, mean, unit);
}

void ScalarStream::normalize(Step& step, const Magnitude& r, ScalarSignal& x) const {
  x = {};
  if (r.zero()) return;
  step.slope = root_n_ / r;
  x.size = root_n_;
}

SignedMagnitude ScalarStream::backward(const LayerOfNetwork& at, ScalarGradient& D, LayerMeasures& measures) {
  const Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  if (behind_) D = ScalarGradient::of(step.slope * D.size, 0, D.across_squared, 0);
  if (D.size.zero()) return {};
  const Turned turned = turn(at, step, D);
  const Magnitude of_branch = beta_ * D.size;
  BranchGradient branch;
  if (!of_branch.zero()) branch = branch_->backward(at, of_branch * of_branch, turned.epsilon, measures);
  const SignedMagnitude of_beta{turned.epsilon, step.s * D.size};
  D = add_branch(at, step, D, turned, branch);
  return of_beta;
}

/// D·x̂ and D·ε. D = p x̂' + w u' + …, x̂ = c x̂' + s u', and x' − αx = βsε gives D·ε without cancellation: where
/// α = 0 and a norm leaves p = 0 it is exactly 0.
ScalarStream::Turned ScalarStream::turn(const LayerOfNetwork& at, const Step& step,
                                        const ScalarGradient& D) const {
  Turned turned{step.cosine * D.along, 0, 0,
                D.along * std::fma(step.epsilon_along, step.cosine, step.epsilon_beside * step.sine)};
  if (dimension_ > 1) {
    const double azimuth = normal(at, normals::azimuth);
    const double others = chi_squared(at, chi_squares::azimuth, dimension_ - 2);
    const double all = std::fma(azimuth, azimuth, others);
    const double w = std::sqrt(D.across_squared / all) * azimuth;
    turned.along = std::fma(step.sine, w, turned.along);
    turned.across_squared = D.across_squared * (others / all) + square(step.sine * D.along - step.cosine * w);
    turned.across = std::sqrt(turned.across_squared);
    turned.epsilon -= step.skip_share * step.epsilon_beside * w;
  }
  turned.epsilon = std::fma(step.epsilon_mean, D.mean, turned.epsilon);
  return turned;
}

/// αD and what came through the branch, whose fresh normals have a component along the rest of D and others.
ScalarGradient ScalarStream::add_branch(const LayerOfNetwork& at, const Step& step, const ScalarGradient& D,
                                        const Turned& turned, const BranchGradient& branch) const {
  Magnitude back = branch.squared_rest.square_root();
  if (before_) back = back * step.slope;
  const Magnitude kept = alpha_ * D.size, unit = larger(kept, back);
  if (unit.zero()) return {};
  const double a = (kept / unit).to_double(), h = (back / unit).to_double();
  double along = a * turned.along, mean = a * D.mean, across_squared = square(a * turned.across);
  if (!before_ && h > 0) {  // û = across x̂ + mean 1̂
    const double f = h * branch.along, C = step.x.across, S = step.x.mean;
    const double turned_mean = centred_ ? h * normal(at, normals::mean) : 0;
    along += C * f - S * turned_mean;
    mean += S * f + C * turned_mean;
  }
  if (dimension_ > 1 && h > 0) {
    const double beside = normal(at, normals::beside);
    const double others = chi_squared(at, chi_squares::beside, dimension_ - 2);
    across_squared = square(std::fma(h, beside, a * turned.across)) + h * h * others;
  }
  return ScalarGradient::of(unit, along, across_squared, mean);
}

}  // namespace varprop::workers
