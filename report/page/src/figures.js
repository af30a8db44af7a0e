// node figures.mjs DATA.json DIRECTORY: draws every chart and slice as SVG, for a paper. It prints the names of the files, and on
// the standard error what it left out.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Error as onlyErrors, parse, textMetrics, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

import { lookOnPaper } from "./chart_look.js";
import { figuresOf, MOST_FIGURES } from "./figure_list.js";
import { Results } from "./results.js";
import { withChoices } from "./specification.js";
import { withSymbols } from "./symbols.js";
import { textWidth } from "./text_width.js";

const COLUMN_WIDTH = 3.4 * 96; // inches to pixels

/** The title of a figure: the chart's own, and below it of which slice of the grid the figure is. */
function titleOf({ title }, slice) {
  const lines = wrapped(slice, COLUMN_WIDTH - 20);
  if (lines.length === 0) return title;
  return title ? { ...title, subtitle: lines } : { text: lines };
}

/** Lines of parts that are no wider than so many pixels, where a part alone is not. */
function wrapped(parts, most) {
  const lines = [];
  for (const part of parts) {
    const longer = lines.length ? `${lines.at(-1)} · ${part}` : part;
    if (lines.length && textWidth({ fontSize: lookOnPaper.title.fontSize }, longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

async function draw({ specification, slice, values, rows, height }) {
  const whole = {
    ...withChoices(specification, values),
    title: titleOf(specification, slice),
    datasets: rows,
    width: COLUMN_WIDTH,
    height,
    autosize: { type: "fit-x", contains: "padding" },
    padding: 2,
  };
  const { spec } = compile(whole, { config: lookOnPaper });
  const view = new View(parse(spec, null, { ast: true }), { expr: expressionInterpreter, renderer: "none", logLevel: onlyErrors });
  const svg = await view.toSVG();
  view.finalize();
  return withSymbols(svg);
}

async function main([dataPath, directory]) {
  if (!directory) throw new Error("usage: node figures.mjs DATA.json DIRECTORY");
  const results = new Results(JSON.parse(readFileSync(dataPath, "utf8")));
  const { figures, left } = figuresOf(results);
  textMetrics.width = textWidth;
  mkdirSync(directory, { recursive: true });
  for (const figure of figures) {
    writeFileSync(join(directory, figure.name + ".svg"), await draw(figure));
    console.log(figure.name + ".svg");
  }
  if (left > 0) console.error(`${left} more figures were left out: at most ${MOST_FIGURES} are drawn. charts/ has the specifications for all slices.`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`figures: ${error.message}`);
  process.exitCode = 1;
});
