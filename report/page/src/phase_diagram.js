// The phase diagram: a cell for every point of a slice, to be picked by pointer or by keyboard.
import { CellGrid } from "./cell_grid.js";
import { Chart } from "./chart.js";
import { axisSelectors } from "./axis_selectors.js";
import { element } from "./element.js";
import { numberText } from "./numbers.js";
import { chartRows, nearestSlice, sliceValues } from "./slice.js";
import { shownAxes, tablesOf } from "./specification.js";
import { withSubscripts } from "./symbols.js";

export class PhaseDiagram {
  constructor(results, selection, comparison, theme) {
    this.results = results;
    this.selection = selection;
    this.comparison = comparison;
    this.specification = results.charts["phase-diagram"];
    this.host = element("div", {
      class: "chart", id: "phase-diagram", tabindex: 0, role: "application",
      "aria-label": "Phase diagram. Arrow keys move from cell to cell, Enter selects one.", "aria-describedby": "cell-status",
      onkeydown: (event) => this.walk(event), onblur: () => this.putCursor(null),
    });
    this.status = element("p", { id: "cell-status", class: "status", "aria-live": "polite" });
    this.chart = new Chart(this.host, this.specification, theme, {
      name: "phase-diagram",
      picked: (row, event) => (event.shiftKey ? comparison.toggle(row.point) : selection.select(row.point ?? null)),
    });
    this.cursor = null;
    selection.addEventListener("change", () => this.show());
  }

  /** What stands on the page. */
  elements() {
    if (!this.results.tables.cells?.point?.length) {
      return [element("p", {}, "The points are no product along two axes, so there is no picture of them: the table below has all."), this.status];
    }
    const drawn = shownAxes(this.specification);
    return [axisSelectors(this.results, this.selection, drawn), this.host, this.status, regimeKey(this.results), this.explanation()];
  }

  show() {
    const { results, selection } = this;
    const { slice, moved } = nearestSlice(results, this.specification, selection.coordinates);
    const key = JSON.stringify(slice);
    const values = { selected: selection.point, cell_at_cursor: null };
    this.moved = moved.map((name) => `${results.axis(name).label} = ${slice[name]}`);
    this.say(selection.point);
    if (key === this.shownSlice) return this.chart.set(values);
    this.shownSlice = key;
    const rows = chartRows(results, tablesOf(this.specification), slice);
    this.grid = new CellGrid(rows.cells ?? [], results.picture);
    return this.chart.show(rows, { ...sliceValues(slice), ...values });
  }

  walk(event) {
    if (event.key === "Enter" && this.cursor !== null) {
      this.selection.select(this.cursor);
      return;
    }
    if (event.key === "c") this.comparison.toggle(this.cursor ?? this.selection.point);
    const from = this.cursor ?? this.selection.point;
    const next = this.grid.next(from, event.key);
    if (next === null) return;
    event.preventDefault();
    this.putCursor(next);
    this.say(next);
  }

  putCursor(point) {
    if (point === this.cursor) return;
    this.cursor = point;
    this.chart.set({ cell_at_cursor: point });
  }

  say(point) {
    const parts = [
      point === this.selection.point ? "Selected" : "Enter selects",
      this.results.describe(point),
      this.results.value(this.results.picture.regime, point) ?? "no result yet",
      this.changeText(point),
    ];
    const elsewhere = this.moved.length ? ` The picture is of ${this.moved.join(", ")}, the nearest slice that was kept.` : "";
    this.status.replaceChildren(...withSubscripts(parts.filter(Boolean).join(" · ") + elsewhere));
  }

  changeText(point) {
    const { quantity } = this.results.picture;
    const { logarithm } = this.results.quantities.get(quantity);
    const rate = this.results.value(`${quantity}_rate`, point);
    if (rate !== null) return `${logarithm} changes by ${numberText(rate)} per layer`;
    const total = this.results.value(`${quantity}_total`, point);
    return total === null ? "" : `${logarithm} changes by ${numberText(total)} in all`;
  }

  explanation() {
    const cap = this.specification.params.find((param) => param.name === "rate_cap")?.value;
    const { change } = this.results.quantities.get(this.results.picture.quantity);
    return element(
      "p",
      { class: "caption" },
      `A cell is one kind of network. Colour: how much ${change}; blue fades, orange grows, colours end at ±${numberText(cap)}. Pale: no `,
      "layers where a rate holds, so the change over the whole depth, per layer. Grey and struck through: no change was measured. Click on ",
      "a cell, or walk with the arrow keys and press Enter, to see its networks below; with Shift, or by the key c, to compare them.",
    );
  }
}

/** The signs in the cells, in words. */
function regimeKey(results) {
  const items = (results.data.regimes ?? []).map(({ word, glyph, meaning }) =>
    element("li", { title: meaning }, element("span", { class: "glyph", "aria-hidden": "true" }, glyph), word),
  );
  return element("ul", { class: "key", "aria-label": "Signs of the regimes" }, items);
}
