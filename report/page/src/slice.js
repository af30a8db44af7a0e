// The slice of the grid that a chart shows: one value of every axis that it does not draw along.
import { sliceAxes } from "./specification.js";

/**
 * Coordinates of the slice nearest to `coordinates` that the chart has: where a grid was thinned out, its selectors offer fewer
 * values than the axes have.
 * @returns {{slice: Object, moved: string[]}} the slice, and names of the axes along which it is another than asked for
 */
export function nearestSlice(results, specification, coordinates) {
  const slice = {};
  const moved = [];
  for (const { name, options } of sliceAxes(specification)) {
    const wanted = coordinates[name];
    slice[name] = options.length === 0 || options.includes(wanted) ? wanted : nearestOption(results.axis(name), options, wanted);
    if (slice[name] !== wanted) moved.push(name);
  }
  return { slice, moved };
}

function nearestOption(axis, options, wanted) {
  const place = axis.values.indexOf(wanted);
  const away = (option) => Math.abs(axis.values.indexOf(option) - place);
  return options.reduce((best, option) => (away(option) < away(best) ? option : best));
}

/** Values of the parameters that say so in the specification. */
export function sliceValues(slice) {
  return Object.fromEntries(Object.entries(slice).map(([axis, value]) => ["slice_" + axis, value]));
}

/** Rows of the tables that the chart draws, as objects by the table's name. */
export function chartRows(results, tables, slice) {
  return Object.fromEntries(tables.map((name) => [name, sliceRows(results.tables[name] ?? {}, slice).filter(hasValue)]));
}

/** Of a law that was refused there may be nothing to draw. */
function hasValue(row) {
  return !("estimate" in row) || row.estimate !== null || row.theory !== null;
}

/**
 * Rows, as objects, of a columnar table whose coordinates are those of `slice`. A row without a coordinate belongs to every slice.
 * @param {Object<string, Array>} table by column
 * @param {Object} slice coordinates by the names of the axes that the chart does not draw along
 */
export function sliceRows(table, slice) {
  const tests = Object.entries(slice)
    .filter(([axis]) => table[axis])
    .map(([axis, value]) => ({ column: table[axis], value }));
  const names = Object.keys(table);
  const count = names.length ? table[names[0]].length : 0;
  const rows = [];
  for (let i = 0; i < count; ++i) {
    if (tests.every(({ column, value }) => column[i] === null || column[i] === value)) {
      rows.push(Object.fromEntries(names.map((name) => [name, table[name][i]])));
    }
  }
  return rows;
}
