// At which layer a point's numbers leave the floating-point formats.
import { element } from "./element.js";

const EXITS = ["subnormal", "underflow", "overflow"];

/** [{quantity, format, exit, layer}] of one point. The rows are in order of points. */
export function exitsOf({ columns, rows }, point) {
  const exits = [];
  for (let i = firstOf(rows, point); i < rows.length && rows[i][0] === point; ++i) {
    const [, column, layer] = rows[i];
    const { quantity, format, exit } = columns[column];
    exits.push({ quantity, format, exit, layer });
  }
  return exits;
}

function firstOf(rows, point) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][0] < point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A small table of them. */
export function exitTable(exits) {
  if (exits.length === 0) return element("p", {}, "No typical number of these networks leaves the range of a format.");
  const lines = new Map();
  for (const { quantity, format, exit, layer } of exits) {
    const key = `${quantity}, ${format}`;
    lines.set(key, { ...lines.get(key), [exit]: layer });
  }
  const head = element("tr", {}, ["first layer that leaves", ...EXITS].map((text) => element("th", { scope: "col" }, text)));
  const body = [...lines].map(([key, layers]) =>
    element("tr", {}, element("th", { scope: "row" }, key), EXITS.map((exit) => element("td", {}, String(layers[exit] ?? "")))),
  );
  return element("table", { class: "exits" }, element("thead", {}, head), element("tbody", {}, body));
}
