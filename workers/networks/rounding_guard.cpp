#include "workers/networks/rounding_guard.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::workers {

void RoundingGuard::before(const Panel& D) {
  for (std::size_t t = 0; t < largest_.size() && active_; ++t) largest_[t] = D.squared_norm(t).square_root();
}

void RoundingGuard::passed(const Panel& factor) {
  for (std::size_t t = 0; t < factor.columns() && active_; ++t) {
    double largest = 0;
    for (const double x : factor.column(t)) largest = std::max(largest, std::fabs(x));
    passed(t, factor.size(t) * Magnitude::from(largest));
  }
}

void RoundingGuard::passed(std::size_t t, const Magnitude& factor) {
  largest_[t] = largest_[t] * factor;
}

void RoundingGuard::drop(Panel& D) const {
  constexpr double nothing = 1e-26;
  for (std::size_t t = 0; t < largest_.size() && active_; ++t) {
    if (largest_[t].zero()) continue;
    if ((D.squared_norm(t) / (largest_[t] * largest_[t])).to_double() <= nothing) D.clear(t);
  }
}

}  // namespace varprop::workers
