#include "driver/theory/prediction.hpp"

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"
#include "theory/correlation.hpp"
#include "theory/critical_decay.hpp"
#include "theory/finite_width.hpp"
#include "theory/first_layer.hpp"
#include "theory/uncertainty.hpp"

namespace varprop {

namespace {

using Value = Reasoned<double>;

/// One member of a value that may not exist.
template <class T>
Value part(const Reasoned<T>& whole, double T::*member) {
  return whole ? Value((*whole).*member) : Value::none(whole.reason());
}

Value root_of(const Value& value) {
  return value ? Value(std::sqrt(*value)) : value;
}

/// What the quantities of one query are made from.
class Predictor {
 public:
  explicit Predictor(const TheoryQuery& query)
      : query_(query),
        predict_(query.activation),
        limit_(predict_(query.variances, first_layer_variance(query.variances))),
        correlation_(correlation_limit(field(), query.variances, limit_)) {}

  Prediction operator()() const {
    Prediction result{.query = query_,
                      .phase = phase_of(limit_.chi),
                      .quantities = limits(),
                      .errors = errors(),
                      .fixed_points = limit_.fixed_points,
                      .correlation_fixed_points = correlation_.fixed_points,
                      .critical_points = critical_points(predict_, query_.variances.bias),
                      .log_profile = {},
                      .correlation_distances = {}};
    append(result.quantities, power_laws());
    if (query_.width) append(result.quantities, at_width());
    if (query_.depth) {
      result.log_profile = log_profile();
      append(result.quantities, through_depth(result.log_profile));
      if (query_.input_correlation) result.correlation_distances = correlation_distances(result.log_profile);
    }
    return result;
  }

 private:
  using Quantities = std::vector<PredictedQuantity>;

  static void append(Quantities& all, const Quantities& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  const MeanField& field() const { return predict_.mean_field(); }

  Quantities limits() const {
    const auto correction = gradient_correction(field(), query_.variances, limit_, query_.weights);
    return {
        {"q_star", "q*, where the variance of the signal settles", limit_.q_star},
        {"chi", "factor of a squared gradient per layer, going down", limit_.chi},
        {"chi_q", "dq'/dq at q*", limit_.chi_q},
        {"xi_q", "layers in which q comes nearer to q* by e", limit_.xi_q},
        {"c_star", "c*, where the correlation of two inputs settles", correlation_.c_star},
        {"xi_c", "layers in which two signals come nearer to that by e", correlation_.xi_c},
        {"critical_weight_variance", "where chi = 1, with this bias variance",
         critical_weight_variance(predict_, query_.variances.bias)},
        {"kappa_1", "times 1/n: what width n adds to ln chi", part(correction, &GradientCorrection::kappa_1)},
        {"fluctuation", "times L/n: Var ln g_1", part(correction, &GradientCorrection::fluctuation)},
        {"theory_backward_rate", "ln chi: change of ln g per layer, going down", backward_rate(limit_)},
    };
  }

  Quantities power_laws() const {
    const auto decay = critical_decay(field(), query_.variances, limit_);
    return {
        {"forward_exponent", "p of q_l = C/l^p", part(decay, &CriticalDecay::exponent), true},
        {"forward_coefficient", "C of q_l = C/l^p", part(decay, &CriticalDecay::coefficient), true},
        {"backward_exponent", "p of g_1 ~ 1/L^p", part(decay, &CriticalDecay::gradient_exponent), true},
    };
  }

  Quantities at_width() const {
    return {
        {"theory_backward_rate_n", "the same at this width",
         backward_rate_at_width(field(), query_.variances, limit_, query_.weights, *query_.width)},
        {"critical_weight_variance_n", "where that is 0, with this bias variance",
         critical_weight_variance_at_width(predict_, query_.weights, query_.variances.bias, *query_.width)},
    };
  }

  std::vector<double> log_profile() const {
    const double log_first_q = std::log(first_layer_variance(query_.variances));
    return log_variance_profile(field(), query_.variances, log_first_q, *query_.depth);
  }

  NetworkLaw network(const std::vector<double>& log_profile) const {
    if (query_.width) {
      return network_law(field(), query_.variances, limit_, query_.weights, *query_.width, log_profile);
    }
    const auto none = Value::none("no width is given: networks of infinite width are all alike");
    return {log_profile.back(), none, log_gradient_gain(field(), query_.variances, log_profile), none};
  }

  Quantities through_depth(const std::vector<double>& log_profile) const {
    const NetworkLaw law = network(log_profile);
    return {
        {"forward_log_mean", "<ln q_L>, for inputs with |x|^2 = n", law.forward_mean},
        {"forward_log_deviation", "standard deviation of ln q_L over networks",
         root_of(law.forward_variance)},
        {"backward_log_mean", "<ln g_1>", law.backward_mean},
        {"backward_log_deviation", "standard deviation of ln g_1 over networks",
         root_of(law.backward_variance)},
    };
  }

  std::vector<double> correlation_distances(const std::vector<double>& log_profile) const {
    const auto layers = std::min<std::size_t>(log_profile.size(), deepest_correlation);
    const std::vector<double> followed(log_profile.begin(), log_profile.begin() + static_cast<long>(layers));
    const Variances& v = query_.variances;
    const double first = (1 - *query_.input_correlation) * (v.weight / (v.weight + v.bias));
    return correlation_profile(field(), v, followed, first);
  }

  Quantities errors() const {
    const Uncertainty uncertainty = uncertainty_of(field(), query_.variances, limit_);
    const GradientCorrection correction =
        gradient_correction_error(field(), query_.variances, limit_, query_.weights, uncertainty);
    return {{"q_star", "", uncertainty.q_star},
            {"chi", "", uncertainty.chi},
            {"chi_q", "", uncertainty.chi_q},
            {"xi_q", "", uncertainty.xi_q},
            {"c_star", "", correlation_.c_star_error},
            {"xi_c", "", correlation_length_error(uncertainty)},
            {"critical_weight_variance", "", error_at_criticality()},
            {"kappa_1", "", correction.kappa_1},
            {"fluctuation", "", correction.fluctuation}};
  }

  /// Where signals meet, ξ_c = −1/ln χ.
  double correlation_length_error(const Uncertainty& uncertainty) const {
    const double chi = limit_.chi;
    if (!correlation_.xi_c || !(chi < 1)) return correlation_.xi_c_error;
    return uncertainty.chi / (chi * std::log(chi) * std::log(chi));
  }

  double error_at_criticality() const {
    const Value critical = critical_weight_variance(predict_, query_.variances.bias);
    if (!critical) return 0;
    const Variances edge{*critical, query_.variances.bias};
    return uncertainty_of(field(), edge, predict_(edge, first_layer_variance(edge))).critical_weight_variance;
  }

  TheoryQuery query_;
  InfiniteWidthPredictor predict_;
  InfiniteWidth limit_;
  CorrelationLimit correlation_;
};

}  // namespace

const Reasoned<double>& Prediction::operator[](const std::string& key) const {
  const auto found =
      std::find_if(quantities.begin(), quantities.end(), [&](const auto& q) { return q.key == key; });
  VARPROP_EXPECT(found != quantities.end());
  return found->value;
}

Prediction predict_point(const TheoryQuery& query) {
  return Predictor(query)();
}

}  // namespace varprop
