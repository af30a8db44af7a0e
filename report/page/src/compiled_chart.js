// A chart as Vega draws it. To compile it takes as long as to draw it, and several panels of the page are of one chart.
import { compile } from "vega-lite";

import { lookOnPage } from "./chart_look.js";
import { tablesOf, withChoices } from "./specification.js";

const compiled = new Map();

/** The Vega specification of a chart in these colours, without rows. It is compiled once. */
export function compiledChart(specification, colours, narrow) {
  const key = JSON.stringify([specification, colours, narrow]);
  if (!compiled.has(key)) compiled.set(key, compileChart(specification, lookOnPage(colours, narrow)));
  return compiled.get(key);
}

function compileChart(specification, config) {
  const whole = {
    ...withChoices(specification, {}),
    datasets: Object.fromEntries(tablesOf(specification).map((table) => [table, []])),
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
  };
  return compile(whole, { config }).spec;
}

/** The Vega specification with rows in its tables and values of its parameters. */
export function withRows(vega, rows, values) {
  return {
    ...vega,
    data: vega.data.map((table) => (rows[table.name] ? { ...table, values: rows[table.name] } : table)),
    signals: vega.signals.map((signal) => (signal.name in values ? { ...signal, value: values[signal.name] } : signal)),
  };
}
