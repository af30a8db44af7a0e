// Why a number does not exist, or a law does not hold; and a value that may not exist.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace varprop::theory {

/// Why a value does not exist or a law does not hold: the condition that failed, and the numbers that it
/// failed by.
class Reason {
 public:
  /// Every condition there is, of theory's values, of measured numbers and of refused laws, each with its
  /// sentences in reason.cpp.
  enum Name : std::uint8_t {
    // theory
    chi_1_at_no_fixed_point,
    chi_1_not_reached,
    not_critical,
    every_layer_alike,
    approached_exponentially,
    straight_near_zero,
    too_narrow,
    falls_back,
    leaves_its_asymptote,
    ends_in_two_ways,
    strays_far_from_q_star,
    no_zero_of_rate_nearby,
    chi_is_0,
    no_q_star_at_chi_1,
    unknown_while_growing,
    unknown_while_dying,
    too_shallow_to_settle,
    still_off_after_a_quarter,
    only_gaussian,
    only_gaussian_and_orthogonal,
    only_homogeneous,
    only_homogeneous_without_biases,
    orthogonal_at_fixed_point,
    chi_q_is_1,
    chi_is_1,
    q_changes_by_chi,
    q_grows,
    q_grows_at_chi_1,
    q_falls_by_a_power,
    falls_ever_faster,
    grows_ever_faster,
    only_fixed_point_drives_away,
    held_by_fixed_point,
    no_expansion_at_0,
    chi_q_not_below_1,
    chi_q_squared_not_below_chi,
    moment_out_of_range,
    shorter_than_a_layer,
    signals_move_apart,
    correlation_depends_on_inputs,
    no_width,
    other_networks,
    no_branch_scale,
    only_straight_mlp,
    unlike_tokens_without_norm,
    many_unlike_tokens,
    inputs_not_normal,
    inputs_have_a_mean,
    // measured at a point
    no_batch,
    all_extinct,
    window_near_ends,
    window_after_onset,
    window_not_recorded,
    window_of_no_length,
    // laws in depth
    law_of_no_length,
    some_extinct,
    profile_bends,
    not_told_from_0,
    no_test,
    few_layers,
    small_change,
    short_power_window,
    no_power_law,
    narrow_for_its_depth,
    few_layers_on_the_way,
    layers_left_out_on_the_way,
    starts_near_q_star,
    few_layers_apart,
    draws_no_nearer,
    few_batches_of_length,
    // laws across points
    points_bend,
    no_rates_of_wide_networks,
    few_widths_of_rates,
    no_variances_of_wide_networks,
    few_steps_per_width,
    biases_hide_it,
    no_first_layer,
    few_widths_of_first_layer,
    rates_without_errors,
    few_weight_variances,
    no_change_of_sign,
    no_rate_beside_change,
    far_apart_about_change,
    few_places_about_change,
    no_clear_zero,
    no_parabola,
    jumps_without_fixed_point,
    jumps_before_fixed_point,
    few_critical_widths,
    critical_widths_too_close,
    limit_moves,
    unscaled_has_no_limit,
    length_is_no_power,
    few_clear_rates,
    few_networks_for_second_moment,
    // laws of two inputs
    inputs_are_one,
    meet_by_a_power,
    never_alike,
    law_beyond_depth,
    distance_rises,
    angles_are_kept,
    angles_turn_either_way,
    // laws of streams
    norm_holds_q,
    skip_is_not_1,
  };

  /// The numbers are those that the name's row in reason.cpp speaks of, in its order.
  constexpr Reason(Name name, double first = 0, double second = 0)  // NOLINT: a name is a reason
      : name_(name), numbers_{first, second} {}

  constexpr Name name() const { return name_; }
  const std::array<double, 2>& numbers() const { return numbers_; }

  /// Whether it is the same condition, by whatever numbers it failed.
  friend constexpr bool operator==(const Reason& a, const Reason& b) { return a.name_ == b.name_; }

 private:
  Name name_;
  std::array<double, 2> numbers_;
};

/// The reason as a short clause without its numbers ("infinite: chi_q = 1"), alike for all that share it.
std::string_view sentence_of(const Reason& reason);
/// The same with its numbers: "fewer than 4 recorded layers in the window (3)".
std::string sentence_with_numbers(const Reason& reason);
/// The clause for a reader who does not know the names of lengths; mostly the same words.
std::string_view plain_sentence_of(const Reason& reason);

/// An order of reasons by their sentences.
struct BySentence {
  bool operator()(const Reason& a, const Reason& b) const { return sentence_of(a) < sentence_of(b); }
};

/// A value, or the reason why there is none.
template <class T>
class ValueOrReason {
 public:
  ValueOrReason(T value) : value_(std::move(value)) {}  // NOLINT: a value is one
  ValueOrReason(Reason reason) : reason_(reason) {}     // NOLINT: so is a reason
  ValueOrReason(Reason::Name name) : reason_(name) {}   // NOLINT

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }

  /// Why there is no value; only where there is none.
  const Reason& reason() const { return reason_; }
  /// The same as a sentence with its numbers; empty where there is a value.
  std::string why() const { return value_ ? std::string() : sentence_with_numbers(reason_); }

  /// The value, or nothing.
  const std::optional<T>& optional() const { return value_; }

  /// f of the value; without one, the same reason.
  template <class F>
  auto transform(const F& f) const -> ValueOrReason<decltype(f(std::declval<T>()))> {
    if (!value_) return reason_;
    return f(*value_);
  }

 private:
  std::optional<T> value_;
  Reason reason_ = Reason::no_batch;
};

}  // namespace varprop::theory
