// How charts look: on the light and on the dark page, and in a paper. charts/config.json is the light look, which the
// specifications that are written by themselves have too.
import light from "../charts/config.json";

const ON_PAGE = { background: "transparent" };

const DARK = {
  axis: { labelColor: "#a9b2c2", titleColor: "#e4e7ee", tickColor: "#596273", domainColor: "#596273", gridColor: "#2b313c" },
  legend: { labelColor: "#e4e7ee", titleColor: "#e4e7ee", symbolStrokeColor: "#e4e7ee" },
  title: { color: "#e4e7ee" },
  view: { stroke: "#596273" },
  range: { diverging: ["#4b8bce", "#34628f", "#28425c", "#232831", "#553d24", "#8a571f", "#c0731d"] },
  style: {
    "cell-without-rate": { color: "#3a414e", stroke: "#7d8799" },
    "cell-with-rate": { stroke: "#7d8799" },
    "cell-with-change": { stroke: "#7d8799" },
    "cross-of-no-rate": { color: "#a3acbb" },
    "cell-at-cursor": { color: "#ffffff" },
    "cell-selected": { color: "#ffffff" },
    glyph: { color: "#f2f4f8" },
    "line-casing": { color: "#14171d" },
    theory: { color: "#e4e7ee" },
    fitted: { color: "#7fb0e6" },
    critical: { color: "#ffffff", stroke: "#14171d" },
    "critical-interval": { color: "#ffffff" },
    measured: { color: "#7fb0e6" },
    interval: { color: "#7fb0e6" },
    "spread-of-networks": { color: "#7fb0e6" },
    "error-of-mean": { color: "#7fb0e6" },
    "spread-at-single-layer": { color: "#7fb0e6" },
    "theory-at-single-layer": { color: "#e4e7ee" },
    layer: { color: "#7fb0e6" },
    mean: { color: "#7fb0e6" },
    "layer-under-pointer": { color: "#7fb0e6" },
    bar: { color: "#7fb0e6" },
    "mean-rule": { color: "#e4e7ee" },
  },
};

// One legend below the other.
const NARROW = { legend: { layout: { top: { direction: "vertical" }, bottom: { direction: "vertical" } } } };

// 8 pt and 7 pt at 96 px an inch.
const PAPER = {
  font: "Helvetica, Arial, sans-serif",
  axis: { labelFontSize: 9.3, titleFontSize: 10.7, titlePadding: 4, labelPadding: 2, tickSize: 3 },
  legend: { labelFontSize: 9.3, titleFontSize: 9.3, labelLimit: 300, offset: 6, padding: 0, columnPadding: 8, gradientThickness: 9 },
  title: { fontSize: 9.3, subtitleFontSize: 9.3, subtitleColor: "#4c5464", offset: 5, limit: 320 },
  style: {
    glyph: { fontSize: 7 },
    critical: { size: 45, strokeWidth: 0.5 },
    "critical-interval": { strokeWidth: 2 },
    theory: { strokeWidth: 1.25 },
    "line-casing": { strokeWidth: 3 },
    measured: { size: 18, strokeWidth: 1 },
    interval: { strokeWidth: 1 },
    layer: { size: 8 },
    mean: { strokeWidth: 1.25 },
    "mean-rule": { strokeWidth: 1.25 },
  },
};

/** The first with what the others say instead, member by member. */
function merged(first, ...others) {
  const made = { ...first };
  for (const other of others) {
    for (const [key, value] of Object.entries(other)) {
      const nested = value !== null && typeof value === "object" && !Array.isArray(value);
      made[key] = nested ? merged(made[key] ?? {}, value) : value;
    }
  }
  return made;
}

/** Vega-Lite configurations: of the page by its colours and width, of figures. */
export function lookOnPage(colours, narrow) {
  return merged(light, ON_PAGE, colours === "dark" ? DARK : {}, narrow ? NARROW : {});
}
export const lookOnPaper = merged(light, NARROW, PAPER);
