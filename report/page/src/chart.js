// A chart on the page.
import { changeset, truthy, Error as onlyErrors } from "vega";
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

import { compiledChart, withRows } from "./compiled_chart.js";
import { tablesOf } from "./specification.js";
import { setSymbols } from "./symbols.js";

// More marks than this are drawn on a canvas: an SVG would be slow.
const MOST_SVG_ROWS = 3000;
const NARROW = 520; // pixels

/** Draws a specification in an element, as wide as that is. Rows, parameters and colours can change. */
export class Chart {
  /**
   * @param {HTMLElement} host
   * @param {Object} specification Vega-Lite without data
   * @param {Theme} theme
   * @param {{name: string, picked: function(Object)}} options name of saved pictures; what to do with the row that is clicked, and how it was
   */
  constructor(host, specification, theme, { name, picked = () => {} }) {
    Object.assign(this, { host, specification, theme, name, picked, rows: {}, values: {}, view: null });
    this.work = Promise.resolve();
    theme.addEventListener("change", () => this.enqueue(() => this.embed()));
    window.addEventListener("resize", () => this.narrow !== this.isNarrow() && this.enqueue(() => this.embed()));
  }

  /** Shows these rows (by table) with these values of the chart's parameters. */
  show(rows, values) {
    this.rows = rows;
    this.keep(values);
    return this.enqueue(() => (this.view && this.renderer === this.fittingRenderer() ? this.update(rows) : this.embed()));
  }

  /** Changes parameters alone. */
  set(values) {
    this.keep(values);
    return this.enqueue(() => this.update({}));
  }

  keep(values) {
    const known = new Set((this.specification.params ?? []).map((param) => param.name));
    const wanted = Object.entries(values).filter(([name]) => known.has(name));
    this.values = { ...this.values, ...Object.fromEntries(wanted) };
  }

  /** One thing after the other, for drawing takes its time. */
  enqueue(step) {
    this.work = this.work.then(step);
    return this.work;
  }

  isNarrow() {
    return this.host.clientWidth < NARROW;
  }

  fittingRenderer() {
    const most = Math.max(0, ...Object.values(this.rows).map((rows) => rows.length));
    return most > MOST_SVG_ROWS ? "canvas" : "svg";
  }

  async embed() {
    this.view?.finalize();
    this.view = null;
    if (this.host.hidden) return; // drawn when it is shown
    this.narrow = this.isNarrow();
    this.renderer = this.fittingRenderer();
    const compiled = compiledChart(this.specification, this.theme.name, this.narrow);
    const { view } = await embed(this.host, withRows(compiled, this.rows, this.values), {
      mode: "vega",
      renderer: this.renderer,
      ast: true,
      expr: expressionInterpreter,
      actions: { export: true, source: false, compiled: false, editor: false },
      i18n: { SVG_ACTION: "save as SVG", PNG_ACTION: "as PNG" },
      downloadFileName: this.name,
      defaultStyle: false,
      tooltip: { theme: this.theme.name, disableDefaultStyle: true },
      logLevel: onlyErrors,
    });
    this.view = view;
    setSymbols(this.host);
    view.addEventListener("click", (event, item) => item?.datum && this.picked(item.datum, event));
  }

  async update(rows) {
    if (!this.view) return;
    for (const [name, value] of Object.entries(this.values)) this.view.signal(name, value);
    for (const table of tablesOf(this.specification).filter((table) => rows[table])) {
      this.view.change(table, changeset().remove(truthy).insert(rows[table]));
    }
    await this.view.runAsync();
    setSymbols(this.host);
  }
}
