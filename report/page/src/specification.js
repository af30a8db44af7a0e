// What the page and the figures do to a chart's specification before it is drawn: choose instead of offering a choice.

/** Names of the axes along which a chart shows everything. */
export function shownAxes(specification) {
  return specification.usermeta?.shows ?? [];
}

/** A chart's parameters that a reader chooses, but for slices of the grid: {name, options, label}. */
export function choicesOf(specification) {
  return (specification.params ?? [])
    .filter((param) => param.bind && !param.name.startsWith("slice_"))
    .map((param) => ({ name: param.name, options: param.bind.options, label: param.bind.name.trim() }));
}

/** Axes of which a chart shows one value, with the values that its selector offers. */
export function sliceAxes(specification) {
  return (specification.params ?? [])
    .filter((param) => param.name.startsWith("slice_"))
    .map((param) => ({ name: param.name.slice("slice_".length), value: param.value, options: param.bind?.options ?? [] }));
}

/** The specification with these values of its parameters, and without widgets. */
export function withChoices(specification, values) {
  const params = (specification.params ?? []).map(({ bind, ...param }) => ({ ...param, value: values[param.name] ?? param.value }));
  return { ...specification, params };
}

/** Names of the tables that it draws. */
export function tablesOf(specification) {
  const nested = (specification.layer ?? []).flatMap(tablesOf);
  return [...new Set(specification.data?.name ? [specification.data.name, ...nested] : nested)];
}
