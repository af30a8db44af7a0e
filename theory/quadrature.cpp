#include "theory/quadrature.hpp"

#include <algorithm>

#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr double largest_z = 10.0;
constexpr double widest_panel = 1.25;

/// The end of the panel that begins at z ≥ 0. Far out, where φ is flat or straight, panels grow faster in x.
double next_end(double z, double sqrt_q) {
  const double x = sqrt_q * z;
  const double widest_in_x = x < 64.0 ? std::max(1.0, x) : 3.0 * x;
  return std::min({largest_z, z + widest_panel, z + widest_in_x / sqrt_q});
}

}  // namespace

std::vector<double> panel_ends(const Kinks& kinks, double q) {
  VARPROP_EXPECT(q >= 0.0 && std::isfinite(q));
  const double sqrt_q = std::sqrt(q);
  std::vector<double> ends{0.0};
  for (double z = 0.0; z < largest_z;) {
    z = next_end(z, sqrt_q);
    ends.push_back(z);
    ends.push_back(-z);
  }
  for (std::size_t k = 0; k < kinks.count; ++k) {
    const double z = kinks.at[k] / sqrt_q;
    if (std::abs(z) < largest_z) ends.push_back(z);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

}  // namespace varprop
