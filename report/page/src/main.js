// The page: reads the data, and puts each part where page.html has a place for it.
import { findings } from "./findings.js";
import { Comparison } from "./comparison.js";
import { choiceList } from "./element.js";
import { LawChart } from "./law_chart.js";
import { pageData } from "./page_data.js";
import { PhaseDiagram } from "./phase_diagram.js";
import { PointView } from "./point_view.js";
import { notes, provenance } from "./provenance.js";
import { RegimeTable } from "./regime_table.js";
import { Results } from "./results.js";
import { Selection } from "./selection.js";
import { shownAxes, sliceAxes } from "./specification.js";
import { Theme } from "./theme.js";

/** Where the eye should fall first: in the slice that the phase diagram starts with, the cell whose gradient (or signal) changes least. */
function firstPoint(results) {
  const specification = results.charts["phase-diagram"];
  const slice = Object.fromEntries(sliceAxes(specification).map(({ name, value }) => [name, value]));
  const start = results.pointOf({ ...results.coordinates(0), ...slice }) ?? 0;
  let [best, least] = [start, Infinity];
  for (const point of results.neighbours(start, shownAxes(specification))) {
    const total = results.value(`${results.picture.quantity}_total`, point);
    if (total !== null && Math.abs(total) < least) [best, least] = [point, Math.abs(total)];
  }
  return best;
}

function fill(id, elements) {
  document.getElementById(id).append(...elements);
}

/** The address names the selected point, so going to a part of the page must not change it. */
function goToParts() {
  for (const link of document.querySelectorAll("nav a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(link.hash).scrollIntoView();
    });
  }
}

/** Lets the browser show what is drawn so far, and the reader use it. */
function painted() {
  return new Promise((resolve) => setTimeout(resolve));
}

async function openPage() {
  const data = pageData();
  document.title = `${data.title} – varprop`;
  const results = new Results(data);
  const theme = new Theme();
  const selection = new Selection(results, firstPoint(results));
  const comparison = new Comparison(results);
  const parts = {
    phases: new PhaseDiagram(results, selection, comparison, theme),
    networks: new PointView(results, selection, comparison, theme),
    depth: new LawChart(results, selection, theme, "depth-laws", "No law in depth was fitted to this sweep."),
    width: new LawChart(results, selection, theme, "width-scaling", "No law in the width could be looked for: that takes three widths from 64 on, over a factor of 4."),
    table: new RegimeTable(results, selection),
  };
  fill("theme", [choiceList("colours", theme.choices, theme.choice, (place) => theme.choose(theme.choices[place][0]))]);
  goToParts();
  fill("summary", findings(data));
  for (const [id, part] of Object.entries(parts)) fill(id, part.elements());
  fill("notes", [notes(data.notes)]);
  fill("provenance", [provenance(data.provenance)]);
  for (const part of [parts.phases, parts.table, parts.networks, parts.depth, parts.width]) {
    await part.show();
    await painted();
  }
  document.documentElement.dataset.ready = "true";
}

openPage();
