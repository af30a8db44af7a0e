// Which figures are drawn: every chart in every slice, as far as there is something in it.
import { histogramNames, histogramRows, nearestProfile, profileRows, quantities } from "./profile.js";
import { chartRows, sliceValues } from "./slice.js";
import { choicesOf, sliceAxes, tablesOf } from "./specification.js";

export const MOST_FIGURES = 48;
const HEIGHTS = { "phase-diagram": 170, "depth-laws": 150, "width-scaling": 170, profile: 140, histogram: 110 };

/**
 * The figures of a report, the phase diagrams first, no more than MOST_FIGURES, and how many are left.
 * @returns {{figures: {name, specification, values, rows, height}[], left: number}}
 */
export function figuresOf(results) {
  const all = [...chartFigures(results, "phase-diagram", "cells"), ...pointFigures(results), ...lawFigures(results, "width-scaling"), ...lawFigures(results, "depth-laws")];
  return { figures: all.slice(0, MOST_FIGURES), left: Math.max(0, all.length - MOST_FIGURES) };
}

/** A figure for every slice whose table `needed` has rows; `choice` are the values of the chart's other parameters. */
function chartFigures(results, chart, needed, choice = {}) {
  const specification = results.charts[chart];
  return slicesOf(specification).flatMap((slice) => {
    const rows = chartRows(results, specification, tablesOf(specification), slice);
    const chosen = Object.entries(choice);
    rows[needed] = rows[needed].filter((row) => chosen.every(([name, value]) => row[name] === value));
    if (rows[needed].length === 0) return [];
    const name = fileName([chart, ...Object.values(choice), ...Object.entries(slice).map(([axis, value]) => `${axis}-${value}`)]);
    return { name, specification, values: { ...sliceValues(slice), ...choice }, rows, height: HEIGHTS[chart] };
  });
}

function lawFigures(results, chart) {
  const specification = results.charts[chart];
  const [table] = tablesOf(specification);
  const laws = choicesOf(specification).find((choice) => choice.name === "law")?.options ?? [];
  return laws.flatMap((law) => chartFigures(results, chart, table, { law }));
}

/** Profiles and histograms of the first point that the slices of the phase diagram name, or the nearest that there is. */
function pointFigures(results) {
  const slice = Object.fromEntries(sliceAxes(results.charts["phase-diagram"]).map(({ name, value }) => [name, value]));
  const middle = Object.fromEntries(results.axes.map(({ name, values }) => [name, values[values.length >> 1]]));
  const found = nearestProfile(results, results.pointOf({ ...middle, ...slice }));
  if (found === null) return [];
  const { profiles } = results.data;
  const place = Object.entries(results.coordinates(found.point)).filter(([axis]) => results.axis(axis).values.length > 1);
  const figure = (chart, quantity, rows) => ({
    name: fileName([chart, quantity, ...place.map(([axis, value]) => `${axis}-${value}`)]),
    specification: results.charts[chart], values: { quantity }, rows: { [chart]: rows }, height: HEIGHTS[chart],
  });
  return [
    ...quantities.map((quantity) => figure("profile", quantity, profileRows(profiles, found.place, quantity))),
    ...histogramNames.map((name) => figure("histogram", name, histogramRows(profiles, found.place, name))),
  ].filter(({ rows }) => Object.values(rows)[0].length > 0);
}

/** Every combination of what the chart's slice selectors offer. */
function slicesOf(specification) {
  return sliceAxes(specification).reduce(
    (slices, { name, options }) => slices.flatMap((slice) => options.map((value) => ({ ...slice, [name]: value }))),
    [{}],
  );
}

function fileName(parts) {
  return parts.join("_").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/-+(?=_|$)/g, "");
}
