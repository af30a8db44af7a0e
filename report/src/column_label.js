// Short names of the columns of a point; what they mean in full comes with the data.

const LABELS = {
  backward_rate: "ln g per layer",
  backward_rate_error: "its error",
  theory_backward_rate_n: "theory at this width",
  forward_rate: "ln q per layer",
  forward_total: "ln q in all",
  backward_total: "ln g in all",
  backward_share_in_range: "networks in range",
  nearest_stable_weight_variance: "stable at weight variance",
};

/** "backward variance" of backward_variance. */
export function columnLabel(name) {
  return LABELS[name] ?? name.replaceAll("_", " ");
}
