// Which figures are drawn: every chart in every slice, or an even choice of the slices where there are too many.
import { histogramRows, nearestProfile, profileRows } from "./profile.js";
import { axisValueText } from "./results.js";
import { chartRows, sliceValues } from "./slice.js";
import { choicesOf, sliceAxes, tablesOf } from "./specification.js";

export const MOST_FIGURES = 48;
const MOST_PHASE_DIAGRAMS = 24;
const HEIGHTS = { "phase-diagram": 150, "depth-laws": 140, "width-scaling": 160, profile: 130, histogram: 100 };

/**
 * The figures of a report, no more than MOST_FIGURES, and how many slices are left out.
 * @returns {{figures: {name, specification, slice, values, rows, height}[], left: number}} `slice`: of which part of the grid, as words
 */
export function figuresOf(results) {
  const phases = new SliceFigures(results, "phase-diagram", "cells");
  const laws = [...lawFigures(results, "width-scaling"), ...lawFigures(results, "depth-laws")];
  const points = pointFigures(results);
  const drawnPhases = phases.choose(MOST_PHASE_DIAGRAMS);
  const shares = fairShares(laws.map((law) => law.count), MOST_FIGURES - points.length - drawnPhases.length);
  const drawnLaws = laws.flatMap((law, i) => law.choose(shares[i]));
  const count = phases.count + laws.reduce((sum, law) => sum + law.count, 0);
  const asked = Math.min(phases.count, MOST_PHASE_DIAGRAMS) + shares.reduce((sum, share) => sum + share, 0);
  return { figures: [...drawnPhases, ...points, ...drawnLaws], left: count - asked };
}

/** A chart in every slice in which its table `needed` differs; `choice` are the values of its other parameters. */
class SliceFigures {
  constructor(results, chart, needed, choice = {}) {
    Object.assign(this, { results, chart, needed, choice });
    this.specification = results.charts[chart];
    const rows = this.chosen(chartRows(results, [needed], {})[needed]);
    this.axes = sliceAxes(this.specification).map(({ name, options }) => {
      const differs = rows.some((row) => row[name] !== null);
      return { name, differs, options: differs ? options : options.slice(0, 1) };
    });
    this.count = rows.length ? this.axes.reduce((product, { options }) => product * options.length, 1) : 0;
  }

  /** An even choice of at most so many; fewer where slices are empty. */
  choose(most) {
    const wanted = Math.min(most, this.count);
    return Array.from({ length: wanted }, (_, i) => this.figure(Math.floor((i * this.count) / wanted))).filter(Boolean);
  }

  chosen(rows) {
    return rows.filter((row) => Object.entries(this.choice).every(([name, value]) => row[name] === value));
  }

  figure(place) {
    const { slice, parts, words } = this.sliceAt(place);
    const rows = chartRows(this.results, tablesOf(this.specification), slice);
    rows[this.needed] = this.chosen(rows[this.needed]);
    if (!rows[this.needed].some(isMeasured)) return null;
    return {
      name: fileName([this.chart, ...Object.values(this.choice), ...parts]),
      specification: this.specification,
      slice: words,
      values: { ...sliceValues(slice), ...this.choice },
      rows,
      height: HEIGHTS[this.chart],
    };
  }

  sliceAt(place) {
    const slice = {};
    const parts = [];
    const words = [];
    for (const { name, options, differs } of this.axes) {
      slice[name] = options[place % options.length];
      place = Math.floor(place / options.length);
      if (!differs) continue;
      parts.push(`${name}-${slice[name]}`);
      words.push(axisValueText(this.results.axis(name), slice[name]));
    }
    return { slice, parts, words };
  }
}

/** Theory alone makes no figure. */
function isMeasured(row) {
  return "estimate" in row ? row.estimate !== null : row.kind === undefined || row.kind === "measured";
}

function lawFigures(results, chart) {
  const specification = results.charts[chart];
  const [table] = tablesOf(specification);
  const laws = choicesOf(specification).find((choice) => choice.name === "law")?.options ?? [];
  return laws.map((law) => new SliceFigures(results, chart, table, { law }));
}

/** Profiles and histograms of the point in the middle of the phase diagram's first slice, or the nearest that there is. */
function pointFigures(results) {
  const slice = Object.fromEntries(sliceAxes(results.charts["phase-diagram"]).map(({ name, value }) => [name, value]));
  const middle = Object.fromEntries(results.axes.map(({ name, values }) => [name, values[values.length >> 1]]));
  const found = nearestProfile(results, results.pointNear(middle, slice) ?? 0);
  if (found === null) return [];
  const { profiles } = results.data;
  const place = Object.entries(results.coordinates(found.point)).filter(([axis]) => results.axis(axis).values.length > 1);
  const figure = (chart, quantity, rows) => ({
    name: fileName([chart, quantity, ...place.map(([axis, value]) => `${axis}-${value}`)]),
    specification: results.charts[chart],
    slice: place.map(([axis, value]) => axisValueText(results.axis(axis), value)),
    values: { quantity },
    rows: { [chart]: rows },
    height: HEIGHTS[chart],
  });
  return [
    ...results.profileNames.map((quantity) => figure("profile", quantity, profileRows(profiles, found.place, quantity))),
    ...results.histogramNames.map((name) => figure("histogram", name, histogramRows(profiles, found.place, name))),
  ].filter(({ rows }) => Object.values(rows)[0].length > 0);
}

/** `most` dealt out to those that want `counts`, one by one. */
function fairShares(counts, most) {
  const shares = counts.map(() => 0);
  for (let dealt = true; dealt && most > 0; ) {
    dealt = false;
    for (let i = 0; i < counts.length && most > 0; ++i) {
      if (shares[i] === counts[i]) continue;
      ++shares[i];
      --most;
      dealt = true;
    }
  }
  return shares;
}

/** Letters and digits of every part; a minus stays where a number has one. */
function fileName(parts) {
  return parts.map((part) => String(part).replaceAll("ξ", "xi").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/-$/, "")).join("_");
}
