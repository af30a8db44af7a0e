// The table of all points: sorted, filtered, a page of it at a time.
import { choiceList, element } from "./element.js";
import { coordinateText, countText, numberText, wholeText } from "./numbers.js";
import { pointDetail } from "./point_detail.js";
import { PointOrder } from "./point_order.js";
import { withSubscripts } from "./symbols.js";

const PAGE = 25;
const COLUMNS = [
  "regime", "correlation_regime", "cause", "forward_rate", "backward_rate", "forward_total", "backward_total",
  "correlation_total", "backward_share_in_range", "remedy", "nearest_stable_weight_variance", "nearest_stable_branch_scale",
];

export class RegimeTable {
  constructor(results, selection) {
    Object.assign(this, { results, selection, page: 0, open: null });
    this.order = new PointOrder(results);
    this.wanted = { text: "", regime: null, column: null, descending: false };
    const axes = results.variedAxes.length ? results.variedAxes : results.axes;
    this.columns = [
      ...axes.map((axis) => ({ name: axis.name, label: axis.label, meaning: axis.name, axis, word: typeof axis.values[0] === "string" })),
      ...COLUMNS.filter((name) => results.columns.has(name)).map((name) => ({
        name, label: results.columns.get(name).label, meaning: results.columns.get(name).meaning,
        word: results.columns.get(name).kind === "word",
      })),
    ];
    this.head = element("tr", {});
    this.body = element("tbody", {});
    this.count = element("span", { id: "table-count", role: "status" });
    this.pager = element("div", { class: "pager" });
    selection.addEventListener("change", () => this.fill());
  }

  elements() {
    return [
      element("div", { class: "choices" }, this.textFilter(), this.regimeFilter(), this.count),
      element(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Points" },
        element("table", { id: "points" }, element("thead", {}, this.head), this.body),
      ),
      this.pager,
    ];
  }

  show() {
    this.points = this.order.points(this.wanted);
    this.page = 0;
    this.fillHead();
    this.fill();
  }

  want(change) {
    Object.assign(this.wanted, change);
    this.open = null;
    this.show();
  }

  textFilter() {
    const field = element("input", {
      type: "search", id: "table-text", placeholder: "tanh 64 depth=256", spellcheck: "false",
      oninput: () => this.want({ text: field.value }),
    });
    return element("label", { class: "choice" }, element("span", {}, "find"), field);
  }

  regimeFilter() {
    const words = this.results.columns.get("regime")?.words ?? [];
    const choices = [["", "every regime"], ...words.map((word) => [word, word])];
    const list = choiceList("regime", choices, "", (place) => this.want({ regime: choices[place][0] || null }));
    list.querySelector("select").id = "table-regime";
    return list;
  }

  fillHead() {
    const { column: sorted, descending } = this.wanted;
    const focused = document.activeElement?.dataset?.column;
    this.head.replaceChildren(
      element("th", { scope: "col" }, element("span", { class: "unseen" }, "more")),
      ...this.columns.map((column) => {
        const state = column.name !== sorted ? "none" : descending ? "descending" : "ascending";
        const sort = () => this.want({ column: column.name, descending: state === "ascending" });
        const sign = { none: "", ascending: " ▲", descending: " ▼" }[state];
        const button = element(
          "button", { type: "button", title: column.meaning, "data-column": column.name, onclick: sort },
          withSubscripts(column.label), element("span", { "aria-hidden": "true" }, sign),
        );
        return element("th", { scope: "col", class: column.word ? "word" : null, "aria-sort": state }, button);
      }),
    );
    if (focused) this.head.querySelector(`[data-column="${focused}"]`)?.focus();
  }

  /** Only the rows of the page are in the document. */
  fill() {
    const first = this.page * PAGE;
    const shown = this.points.subarray(first, first + PAGE);
    const focused = document.activeElement?.closest?.("#points tr")?.dataset.point;
    this.body.replaceChildren(...Array.from(shown).flatMap((point) => this.rows(point)));
    if (focused) this.body.querySelector(`tr[data-point="${focused}"] button`)?.focus();
    const { length } = this.points;
    const range = length ? `${wholeText(first + 1)} to ${wholeText(first + shown.length)} of ` : "";
    this.count.textContent = range + countText(length, "point");
    this.fillPager(length);
  }

  rows(point) {
    const open = point === this.open;
    const pick = () => this.pick(point);
    const button = element(
      "button", { type: "button", "aria-expanded": String(open), "aria-label": `${open ? "less" : "more"} of ${this.results.describe(point)}` },
      open ? "▾" : "▸",
    );
    const row = element(
      "tr", { "data-point": point, class: point === this.selection.point ? "selected" : null, onclick: pick },
      element("td", {}, button),
      this.columns.map((column) => this.cell(column, point)),
    );
    if (!open) return [row];
    return [row, element("tr", { class: "open" }, element("td", { colspan: this.columns.length + 1 }, pointDetail(this.results, point)))];
  }

  cell(column, point) {
    const value = column.axis ? this.results.coordinates(point)[column.name] : this.results.value(column.name, point);
    if (column.word) return element("td", { class: "word" }, value ?? "");
    return element("td", {}, column.axis ? coordinateText(value) : numberText(value));
  }

  /** Selects the point and opens its row; closes an open one. */
  pick(point) {
    this.open = this.open === point ? null : point;
    if (this.selection.point === point) this.fill();
    else this.selection.select(point);
  }

  fillPager(length) {
    const last = Math.max(0, Math.ceil(length / PAGE) - 1);
    const step = (label, sign, page) =>
      element("button", { type: "button", "aria-label": label, disabled: page < 0 || page > last || page === this.page, onclick: () => this.turn(page) }, sign);
    this.pager.replaceChildren(
      step("first page", "«", 0),
      step("previous page", "‹", this.page - 1),
      element("span", {}, `page ${this.page + 1} of ${last + 1}`),
      step("next page", "›", this.page + 1),
      step("last page", "»", last),
    );
  }

  turn(page) {
    const label = document.activeElement?.getAttribute("aria-label");
    this.page = page;
    this.fill();
    this.pager.querySelector(`button[aria-label="${label}"]`)?.focus();
  }
}
