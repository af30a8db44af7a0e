#include "theory/reason.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"

namespace varprop::theory {

namespace {

/// A reason in the words of tables, in plain words where those are not plain enough, and what its numbers
/// are.
struct Sentences {
  Reason::Name name;
  std::string_view sentence, plain, numbers = {};
};

constexpr std::array all_sentences = std::to_array<Sentences>({
    // theory
    {Reason::chi_1_at_no_fixed_point, "chi = 1 at no fixed point with this bias variance", {}},
    {Reason::chi_1_not_reached, "chi = 1 only at fixed points that the network does not reach", {}},
    {Reason::not_critical, "not critical: chi is not 1", {}},
    {Reason::every_layer_alike, "every layer is alike: q stays at chi = 1", {}},
    {Reason::approached_exponentially, "q* is above 0 and is approached exponentially", {}},
    {Reason::straight_near_zero, "slower than any power of the depth: phi is straight near 0", {}},
    {Reason::too_narrow, "too narrow for first order in 1/n: |kappa_1|/n is above 1/2", {}, "{:.3g}"},
    {Reason::falls_back,
     "too narrow: all neurons of a layer may be off at once, and the signal falls back",
     {},
     "2^-{:.0f} a layer"},
    {Reason::leaves_its_asymptote,
     "the fluctuations of this width lead the signal away from its asymptote",
     {},
     "ln chi + m = {:.3g}, m = {:.3g}"},
    {Reason::ends_in_two_ways,
     "networks of this width end in two ways: between two ends of the signal stands a fixed point that "
     "drives it away",
     "networks of this width end in two ways: fluctuations carry some over to another end of the signal",
     "{:.2g} % beyond q = {:.3g}"},
    {Reason::strays_far_from_q_star,
     "too narrow for an expansion about q*: the signal strays far from it",
     {},
     "ln q by {:.2g}"},
    {Reason::no_zero_of_rate_nearby,
     "ln chi + kappa_1/n has no zero near the critical weight variance of infinite width",
     {}},
    {Reason::chi_is_0, "chi is 0 to double precision", {}},
    {Reason::no_q_star_at_chi_1, "no q* holds the signal at chi = 1 with this bias variance", {}},
    {Reason::unknown_while_growing, "not known where the signal grows without bound", {}},
    {Reason::unknown_while_dying,
     "not known where the signal dies out: it strays most while it is large",
     {}},
    {Reason::too_shallow_to_settle,
     "too few layers for q to settle at q*: 6 xi_q are needed",
     {},
     "{:.4g}, of {:.0f} layers"},
    {Reason::still_off_after_a_quarter,
     "q is still on its way to q* after a quarter of the layers",
     {},
     "ln q is off by {:.2g}"},
    {Reason::only_gaussian, "known for gaussian weights only", {}},
    {Reason::only_gaussian_and_orthogonal, "known for gaussian and orthogonal weights only", {}},
    {Reason::only_homogeneous, "only for homogeneous activations", {}},
    {Reason::only_homogeneous_without_biases, "known for homogeneous activations without biases only", {}},
    {Reason::orthogonal_at_fixed_point, "not known for orthogonal weights at a fixed point q* > 0", {}},
    {Reason::chi_q_is_1, "infinite: chi_q = 1", {}},
    {Reason::chi_is_1, "infinite: chi = 1", {}},
    {Reason::q_changes_by_chi,
     "homogeneous activation without bias: q changes by the factor chi a layer",
     {}},
    {Reason::q_grows, "q grows without bound", {}},
    {Reason::q_grows_at_chi_1, "q grows without bound at chi = 1", {}},
    {Reason::q_falls_by_a_power, "q falls to 0 by a power law: chi = 1", {}},
    {Reason::falls_ever_faster, "the signal dies out faster than exponentially: phi has no slope at 0", {}},
    {Reason::grows_ever_faster, "the signal grows faster than exponentially: phi outgrows every line", {}},
    {Reason::only_fixed_point_drives_away,
     "phi is a power of z: without biases its only fixed point drives signals away, to 0 and to infinity",
     {}},
    {Reason::held_by_fixed_point, "held by a fixed point", {}},
    {Reason::no_expansion_at_0, "q* = 0: there is no expansion in 1/n about it", {}},
    {Reason::chi_q_not_below_1, "chi_q is not below 1", {}},
    {Reason::chi_q_squared_not_below_chi, "chi_q squared is not below chi", {}},
    {Reason::moment_out_of_range, "a fourth moment at q* leaves the range of doubles", {}},
    {Reason::shorter_than_a_layer, "far shorter than a layer", {}},
    {Reason::signals_move_apart, "two signals move apart as they grow without bound", {}},
    {Reason::correlation_depends_on_inputs, "the correlation ends at a value that depends on the inputs", {}},
    {Reason::no_width, "no width is given: networks of infinite width are all alike", {}},
    {Reason::other_networks,
     "not known for streams, norms, dropout, and layers of unequal widths or biases",
     {}},
    {Reason::no_branch_scale, "no branch scale within a factor 2^20 holds these layers", {}},
    {Reason::only_straight_mlp,
     "known only for mlp blocks of homogeneous activations with Gaussian weights, no norm and no biases",
     {}},
    {Reason::unlike_tokens_without_norm,
     "not known of tokens behind a causal mask, which are unlike, where no norm makes them of one length",
     {}},
    {Reason::many_unlike_tokens,
     "not followed: more than 16 tokens behind a causal mask, each pair of which is another",
     {}},
    {Reason::inputs_not_normal,
     "not known of inputs that are not normal neuron by neuron, where neurons read them",
     {}},
    {Reason::inputs_have_a_mean, "not known of inputs with a mean that a layer norm takes away", {}},
    // measured at a point
    {Reason::no_batch, "no batch is done", {}},
    {Reason::all_extinct, "every network of every batch is extinct in the window", {}},
    {Reason::window_near_ends, "no window: fewer than 8 layers are 6 xi_q away from the ends",
     "the networks are too shallow (a rate is taken only where the signal has settled, six times its "
     "settling length xi_q away from both ends, and fewer than 8 layers are left there)",
     "6 xi_q = {:.4g}, of {:.0f} layers"},
    {Reason::window_after_onset,
     "no window: fewer than 8 layers are left where the signal takes its last course",
     "the signal takes its last course too late (fewer than 8 layers are left where it does)",
     "layers {:.4g} to {:.0f}"},
    {Reason::window_not_recorded,
     "no window: the recorded layers where the signal has settled span fewer than 8",
     "too few layers were recorded where the signal has settled (they span fewer than 8)",
     "of layers {:.0f} to {:.0f}"},
    {Reason::window_of_no_length, "no window: xi_q is infinite: chi_q = 1",
     "the signal settles too slowly for a rate (at criticality, chi_q = 1, only as a power of the depth)"},
    // laws in depth
    {Reason::law_of_no_length, "no law: xi_q is infinite: chi_q = 1",
     "the signal settles too slowly for a rate (at criticality, chi_q = 1, only as a power of the depth)"},
    {Reason::some_extinct, "more than 1 network in 100 is extinct", {}, "{:.3g} %"},
    {Reason::profile_bends, "the profile bends: the halves of the window disagree", {}, "{:.4g} and {:.4g}"},
    {Reason::not_told_from_0, "not told from 0", {}, "99 %: {:.3g} to {:.3g}"},
    {Reason::no_test, "fewer than 3 batches: no interval and no test", {}},
    {Reason::few_layers, "fewer than 4 recorded layers in the window", {}, "{:.0f}"},
    {Reason::small_change, "changes by less than a factor e over the window", {}, "by e^{:.2g}"},
    {Reason::short_power_window,
     "fewer than 8 recorded layers, or less than a factor 4 between them, from layer 16 and a 16th of the "
     "depth on",
     {},
     "{:.0f}, over a factor {:.3g}"},
    {Reason::no_power_law, "no power law: no shift of the layers straightens the profile", {}},
    {Reason::narrow_for_its_depth, "the width is below 32 times the depth", {}, "{:.0f} below {:.0f}"},
    {Reason::few_layers_on_the_way,
     "fewer than 8 layers are recorded on the way to the fixed point",
     {},
     "{:.0f}"},
    {Reason::layers_left_out_on_the_way,
     "not every layer is recorded on the way to the fixed point",
     {},
     "after layer {:.0f} the next is {:.0f}"},
    {Reason::starts_near_q_star,
     "starts less than e standard errors away from the fixed point",
     {},
     "{:.2g} of them"},
    {Reason::few_layers_apart,
     "fewer than 3 layers stand 3 standard errors apart from the fixed point",
     {},
     "{:.0f}"},
    {Reason::draws_no_nearer, "the layers before the fixed point do not draw nearer to it", {}},
    {Reason::few_batches_of_length,
     "fewer than 8 batches: too few for the interval of a length or an exponent",
     {},
     "{:.0f}"},
    // laws across points
    {Reason::points_bend, "the points bend: the halves of the window disagree", {}, "{:.4g} and {:.4g}"},
    {Reason::no_rates_of_wide_networks, "no width from 64 on has a backward rate with an error", {}},
    {Reason::few_widths_of_rates,
     "fewer than 3 widths from 64 on, or less than a factor 4 between them",
     {},
     "{:.0f}, over a factor {:.3g}"},
    {Reason::no_variances_of_wide_networks, "no width from 128 on has a variance with an error", {}},
    {Reason::few_steps_per_width,
     "fewer than 3 values of (L-1)/n from width 128 on, or less than a factor 4 between them",
     {},
     "{:.0f}, over a factor {:.3g}"},
    {Reason::biases_hide_it, "biases hide it at small widths", {}},
    {Reason::no_first_layer, "the first layer has no variance with an error", {}},
    {Reason::few_widths_of_first_layer,
     "fewer than 3 widths, or less than a factor 8 between them",
     {},
     "{:.0f}, over a factor {:.3g}"},
    {Reason::rates_without_errors, "fewer than 3 batches: rates have no intervals", {}},
    {Reason::few_weight_variances, "fewer than 2 weight variances have a backward rate", {}, "{:.0f}"},
    {Reason::no_change_of_sign,
     "the backward rate does not change sign among the weight variances: it is not clearly below 0 on one "
     "side and above on the other",
     {}},
    {Reason::no_rate_beside_change, "no backward rate next to the change of sign", {}},
    {Reason::far_apart_about_change,
     "the weight variances about the change of sign are more than a factor 1.4 apart",
     {},
     "{:.4g} and {:.4g}"},
    {Reason::few_places_about_change,
     "fewer than 4 neighbouring weight variances about the change of sign: more are needed between the two",
     {},
     "{:.4g} and {:.4g}"},
    {Reason::no_clear_zero, "the rates have no clear zero", {}},
    {Reason::no_parabola, "the rates about the change of sign lie on no parabola", {}},
    {Reason::jumps_without_fixed_point,
     "the rate jumps over 0: in theory, chi = 1 at no fixed point with this bias variance",
     {}},
    {Reason::jumps_before_fixed_point,
     "the rate jumps over 0: in theory, chi = 1 only at fixed points that the network does not reach",
     {}},
    {Reason::few_critical_widths, "fewer than 3 widths from 64 on have a critical variance", {}, "{:.0f}"},
    {Reason::critical_widths_too_close, "the widths span less than a factor 8", {}, "{:.3g}"},
    {Reason::limit_moves, "the limit moves where the smallest width is left out", {}},
    {Reason::unscaled_has_no_limit,
     "variance_scaling is none: the critical weight variance has no limit",
     {}},
    {Reason::length_is_no_power, "the length is no power of the distance", {}},
    {Reason::few_clear_rates,
     "fewer than 8 rates within 30 % of the critical variance are 10 times their errors",
     {},
     "{:.0f}"},
    {Reason::few_networks_for_second_moment,
     "too few networks for a second moment: its tail is heavy",
     {},
     "{:.0f}, where {:.2g} are needed"},
    // laws of two inputs
    {Reason::inputs_are_one, "both inputs are one: their distance is 0", {}},
    {Reason::meet_by_a_power, "infinite: chi = 1, and signals meet by a power of the depth", {}},
    {Reason::never_alike,
     "no window: the distance does not take its last course within the layers that theory follows",
     {},
     "{:.0f}"},
    {Reason::law_beyond_depth,
     "no window: fewer than 8 layers are left where the distance takes its last course",
     {},
     "layers {:.0f} to {:.0f}"},
    {Reason::distance_rises, "the distance does not fall", {}, "{:.3g} a layer"},
    {Reason::angles_are_kept, "no length: orthogonal weights and linear layers keep every angle", {}},
    {Reason::angles_turn_either_way,
     "no law: linear networks of a finite width turn inputs so far apart to equal or to opposite ones",
     {},
     "{:.2g} % to opposite ones"},
    // laws of streams
    {Reason::norm_holds_q, "no law: behind a norm ln q is exactly 0", {}},
    {Reason::skip_is_not_1, "kappa is told from networks whose skip is 1", {}},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < all_sentences.size(); ++i) {
    if (static_cast<std::size_t>(all_sentences[i].name) != i) return false;
  }
  return true;
}
static_assert(in_order(), "a row for each reason, in the order of the enum");

const Sentences& sentences_of(const Reason& reason) {
  const auto place = static_cast<std::size_t>(reason.name());
  VARPROP_EXPECT(place < all_sentences.size());
  return all_sentences[place];
}

}  // namespace

std::string_view sentence_of(const Reason& reason) {
  return sentences_of(reason).sentence;
}

std::string sentence_with_numbers(const Reason& reason) {
  const Sentences& sentences = sentences_of(reason);
  if (sentences.numbers.empty()) return std::string(sentences.sentence);
  const auto& [first, second] = reason.numbers();
  return fmt::format("{} ({})", sentences.sentence,
                     fmt::format(fmt::runtime(sentences.numbers), first, second));
}

std::string_view plain_sentence_of(const Reason& reason) {
  const Sentences& sentences = sentences_of(reason);
  return sentences.plain.empty() ? sentences.sentence : sentences.plain;
}

}  // namespace varprop::theory
