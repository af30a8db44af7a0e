// A chart of laws, and the choice among them.
import { Chart } from "./chart.js";
import { choiceList, element } from "./element.js";
import { chartRows, nearestSlice, sliceValues } from "./slice.js";
import { choicesOf, tablesOf } from "./specification.js";
import { withSubscripts } from "./symbols.js";

export class LawChart {
  /** @param {string} name of the chart; `nothing`: what to say where it has no row at all */
  constructor(results, selection, theme, name, nothing) {
    Object.assign(this, { results, selection, name, nothing });
    this.specification = results.charts[name];
    this.laws = choicesOf(this.specification).find((choice) => choice.name === "law")?.options ?? [];
    this.law = null;
    this.choice = element("div", { class: "choices" });
    this.host = element("div", { class: "chart", id: name });
    this.note = element("p", { class: "note", role: "status" });
    this.chart = new Chart(this.host, { ...this.specification, title: undefined }, theme, { name });
    selection.addEventListener("change", () => this.show());
  }

  elements() {
    return [this.choice, this.host, this.note];
  }

  show() {
    const [table] = tablesOf(this.specification);
    const { slice, moved } = nearestSlice(this.results, this.specification, this.selection.coordinates);
    const rows = chartRows(this.results, [table], slice)[table];
    const counts = new Map(this.laws.map((law) => [law, 0]));
    for (const row of rows) counts.set(row.law, counts.get(row.law) + 1);
    if (this.law === null) this.law = this.laws.find((law) => counts.get(law) > 0) ?? this.laws[0] ?? null;
    this.offer(counts);
    const shown = rows.filter((row) => row.law === this.law);
    this.host.hidden = shown.length === 0;
    this.note.replaceChildren(...withSubscripts(this.noteText(slice, moved, shown)));
    return this.host.hidden ? null : this.chart.show({ [table]: shown }, { law: this.law, ...sliceValues(slice) });
  }

  offer(counts) {
    if (this.laws.length === 0) return;
    const choices = this.laws.map((law) => [law, counts.get(law) > 0 ? law : `${law} (none here)`]);
    const list = choiceList("law", choices, this.law, (place) => {
      this.law = this.laws[place];
      this.show();
    });
    const focused = this.choice.contains(document.activeElement);
    this.choice.replaceChildren(list);
    if (focused) list.querySelector("select").focus();
  }

  /** Of which slice the chart is: along the axes on which its rows depend. */
  noteText(slice, moved, rows) {
    if (this.laws.length === 0) return this.nothing;
    const named = Object.entries(slice).filter(([name]) => rows.length === 0 || rows.some((row) => row[name] !== null));
    const of = named.map(([name, value]) => (typeof value === "string" ? value : `${this.results.axis(name).label} = ${value}`));
    const where = of.length ? `Of ${of.join(" · ")}` : "Of the whole grid";
    if (rows.length === 0) return `${where}: nothing of this law.`;
    return `${where}${moved.length ? ", the nearest slice that was kept" : ""}.`;
  }
}
