#include "driver/theory/theory_values.hpp"

namespace varprop {

void put_reasoned(Json& json, const std::string& key, const Reasoned<double>& value) {
  json[key] = nullptr;
  if (value) {
    json[key] = *value;
  } else {
    json[key + "_reason"] = value.reason();
  }
}

Json json_of(const std::vector<CriticalPoint>& points) {
  Json list = Json::array();
  for (const CriticalPoint& point : points) {
    list.push_back({{"bias_variance", point.bias_variance},
                    {"weight_variance", point.weight_variance},
                    {"q_star", point.q},
                    {"chi_q", point.chi_q},
                    {"reached", point.reached}});
  }
  return list;
}

}  // namespace varprop
