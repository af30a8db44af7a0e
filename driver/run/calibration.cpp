#include "driver/run/calibration.hpp"

#include "core/contracts.hpp"

namespace varprop {

std::size_t part_count(const Sweep& sweep) {
  return sweep.grid.activation.size() * sweep.grid.weights.size();
}

std::size_t part_of(const Sweep& sweep, PointIndex point) {
  const auto at = sweep.indices(point);
  return at[0] * sweep.grid.weights.size() + at[1];
}

Calibration::Calibration(const Sweep& sweep) : parts_(part_count(sweep)) {}

Calibration Calibration::fixed(const Sweep& sweep, double factor) {
  Calibration calibration(sweep);
  for (std::size_t part = 0; part < calibration.parts_.size(); ++part) calibration.add(part, 1, factor);
  return calibration;
}

void Calibration::add(std::size_t part, double predicted_seconds, double measured_seconds) {
  VARPROP_EXPECT(part < parts_.size() && predicted_seconds > 0 && measured_seconds >= 0);
  for (Sums* sums : {&all_, &parts_[part]}) {
    sums->predicted += predicted_seconds;
    sums->measured += measured_seconds;
  }
}

double Calibration::factor(std::size_t part) const {
  return parts_[part].predicted > 0 ? parts_[part].factor() : all_.factor();
}

}  // namespace varprop
