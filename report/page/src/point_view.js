// The selected point: what it is, and its networks layer by layer.
import { Chart } from "./chart.js";
import { MOST_COMPARED } from "./comparison.js";
import { element } from "./element.js";
import { numberText } from "./numbers.js";
import { exactLawRows, histogramRows, nearestProfile, pathRows, profileRows } from "./profile.js";
import { sliceRows } from "./slice.js";
import { withSubscripts } from "./symbols.js";

const FACTS = [
  "regime", "cause", "correlation_regime", "correlation_total", "correlation_last", "c_star", "xi_c", "backward_rate", "theory_backward_rate_n", "forward_total", "backward_total", "backward_share_in_range",
  "backward_extinct_share", "remedy", "nearest_stable_weight_variance", "nearest_stable_branch_scale", "stable_bias_variance", "stable_width", "stable_depth",
];

export class PointView {
  constructor(results, selection, comparison, theme) {
    this.results = results;
    this.selection = selection;
    this.comparison = comparison;
    this.compared = element("div", { id: "compared", class: "compared" });
    this.name = element("p", { id: "point-name", class: "point-name" });
    this.facts = element("dl", { class: "facts", id: "point-facts" });
    this.note = element("p", { id: "profile-note", class: "note", role: "status" });
    const panel = (chart, key, quantity) => {
      const host = element("div", { class: "chart", id: `${chart}-${quantity}` });
      const made = new Chart(host, results.charts[chart], theme, { name: `${chart}-${quantity}` });
      return { host, chart: made, table: chart, quantity };
    };
    this.profiles = results.profileNames.map((quantity) => panel("profile", "quantity", quantity));
    this.maps = results.charts["layer-maps"] ? ["q", "c"].map((map) => panel("layer-maps", "map", map)) : [];
    this.histograms = results.histogramNames.map((name) => panel("histogram", "quantity", name));
    selection.addEventListener("change", () => this.show());
    comparison.addEventListener("change", () => this.show());
  }

  elements() {
    return [
      this.name,
      this.facts,
      this.compared,
      this.note,
      element("div", { class: "panels three" }, this.profiles.map(({ host }) => host)),
      element(
        "p",
        { class: "caption" },
        "Solid: the mean over networks, with its 95 % interval. The light band is one standard deviation of single networks to each ",
        "side. Dashed: theory of infinite width. Dotted: at this width: exact where a closed form is known, of the gradient else to first order in 1/n.",
      ),
      element("div", { class: "panels two" }, this.histograms.map(({ host }) => host)),
      element("div", { class: "panels two" }, this.maps.map(({ host }) => host)),
      element(
        "p",
        { class: "caption", id: "maps-caption" },
        "The maps of infinite width: what a layer makes of the mean square q of a signal, and of the correlation c of two (at the q where ",
        "it settles). Stairs: these networks, layer by layer, as measured. They settle where the map meets its diagonal.",
      ),
    ];
  }

  show() {
    const { results, selection } = this;
    this.name.replaceChildren(...withSubscripts(results.describe(selection.point)));
    this.compared.replaceChildren(...this.comparedElements());
    this.facts.replaceChildren(...this.factElements(selection.point));
    const found = nearestProfile(results, selection.point);
    this.note.textContent = profileNote(results, selection.point, found);
    const { profiles } = results.data;
    return Promise.all([
      ...this.profiles.map((panel) =>
        showPanel(panel, found && profileRows(profiles, found.place, panel.quantity), this.comparedRows(panel.quantity))),
      ...this.maps.map((panel) => this.showMap(panel, found)),
      ...this.histograms.map((panel) =>
        showPanel(panel, found && histogramRows(profiles, found.place, panel.quantity), found ? exactLawRows(profiles, found.place, panel.quantity) : [])),
    ]);
  }

  showMap({ host, chart, quantity: map }, found) {
    const { results, selection } = this;
    const maps = sliceRows(results.tables.maps ?? {}, results.coordinates(selection.point))
      .filter((row) => row.map === map)
      .map(({ kind, x, y }) => ({ map, kind, x, y })); // of the selected point, whatever slice the chart would choose
    const path = found && found.point === selection.point ? pathRows(results.data.profiles, found.place, map) : [];
    host.hidden = maps.length === 0;
    document.getElementById("maps-caption").hidden = this.maps.every((panel) => panel.host.hidden);
    return host.hidden ? null : chart.show({ maps, path }, { map });
  }

  /** Rows of the points that are compared, each with its name. */
  comparedRows(quantity) {
    const { results, selection, comparison } = this;
    const names = comparison.names(selection.point);
    return comparison.points.flatMap((point) => {
      const found = nearestProfile(results, point);
      const rows = found && found.point === point ? profileRows(results.data.profiles, found.place, quantity) : [];
      return rows.map((row) => ({ ...row, name: names.get(point) }));
    });
  }

  /** A button for the selected point, and one for each that is compared. */
  comparedElements() {
    const { results, selection, comparison } = this;
    const { point } = selection;
    const names = comparison.names(point);
    const word = comparison.has(point) ? "leave out of the comparison" : "compare others with this point";
    const keep = element(
      "button", { type: "button", id: "compare", disabled: comparison.full && !comparison.has(point), onclick: () => comparison.toggle(point) },
      comparison.full && !comparison.has(point) ? `${MOST_COMPARED} points are compared` : word,
    );
    const others = comparison.points.map((other) =>
      element(
        "button", { type: "button", class: "chip", "data-point": other, title: `leave ${results.describe(other)} out`, onclick: () => comparison.toggle(other) },
        withSubscripts(names.get(other)), " ×",
      ),
    );
    return [keep, ...others];
  }

  factElements(point) {
    return FACTS.flatMap((column) => {
      const value = this.results.value(column, point);
      if (value === null || (value === 0 && column === "backward_extinct_share")) return [];
      const text = typeof value === "number" ? numberText(value) : value;
      const { meaning, label } = this.results.columns.get(column);
      return element("div", { title: meaning }, element("dt", {}, withSubscripts(label)), element("dd", {}, text));
    });
  }
}

const BESIDE = { profile: "compared", histogram: "exact_law" };

/** A panel without rows is not there; `beside` goes into its chart's other table. */
function showPanel({ host, chart, table, quantity }, rows, beside = []) {
  host.hidden = !rows || rows.length === 0;
  return host.hidden ? null : chart.show({ [table]: rows, [BESIDE[table]]: beside }, { quantity });
}

function profileNote(results, point, found) {
  if (found === null) return "This report holds no profiles.";
  if (found.point === point) return results.coordinates(point).depth === 1 ? "These networks have one layer: each picture has one point." : "";
  return `The profile of this point was left out of the report. The nearest one that is there is shown: ${results.describe(found.point)}.`;
}
