// Charts of laws show the law that is chosen, of the slice of the selected point.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, onPage, report } from "./report_page.mjs";

const CHARTS = [
  { chart: "depth-laws", section: "depth", table: "depth_laws", mark: "estimates", shown: (columns, i) => columns.estimate[i] !== null },
  { chart: "width-scaling", section: "width", table: "width_laws", mark: "measured", shown: (columns, i) => columns.kind[i] === "measured" },
];

/** Rows of a law that a chart shows for a point: those without a coordinate belong to every point. */
function rowsOf(columns, law, point, along) {
  const belongs = (i) => Object.entries(coordinatesOf(point)).every(
    ([axis, value]) => along.includes(axis) || columns[axis][i] === null || columns[axis][i] === value);
  const drawn = (i) => !columns.estimate || columns.estimate[i] !== null || columns.theory[i] !== null;
  return columns.law.map((_, i) => i).filter((i) => columns.law[i] === law && belongs(i) && drawn(i));
}

/** A point whose slice has a law that does not depend on the weight variance. */
function pointWithLimit() {
  const columns = report.data.tables.width_laws;
  const row = columns.law.findIndex((_, i) => columns.kind[i] === "measured" && columns.weight_variance[i] === null);
  assert.ok(row >= 0, "the sweep has a critical weight variance in the limit");
  const count = report.data.axes.reduce((product, axis) => product * axis.values.length, 1);
  return Array.from({ length: count }, (_, point) => point).find((point) => {
    const { activation, bias_variance } = coordinatesOf(point);
    return activation === columns.activation[row] && bias_variance === columns.bias_variance[row];
  });
}

test("every law can be chosen, and has its marks", () => {
  const point = pointWithLimit();
  return onPage(
    async (page) => {
      for (const { chart, section, table, mark, shown } of CHARTS) {
        const specification = report.data.charts[chart];
        const laws = specification.params.find((param) => param.name === "law").bind.options;
        assert.ok(laws.length > 0, `${chart}: the sweep has laws`);
        for (const law of laws) {
          const columns = report.data.tables[table];
          const rows = rowsOf(columns, law, point, specification.usermeta.shows);
          await page.selectOption(`#${section} select`, law);
          if (rows.length > 0 && chart === "depth-laws") {
            const title = law.split(": ")[1].split(" (")[0].replace("_", "");
            await page.waitForFunction(
              (wanted) => [...document.querySelectorAll("#depth-laws .role-axis-title")].some((one) => one.textContent === wanted), title);
          }
          if (rows.length === 0) {
            await page.waitForSelector(`#${chart}`, { state: "hidden" });
            assert.match(await page.textContent(`#${section} .note`), /nothing of this law/);
          } else {
            const count = rows.filter((i) => shown(columns, i)).length;
            await page.waitForFunction(
              ([id, name, wanted]) => document.querySelectorAll(`#${id} g.${name}_marks > path`).length === wanted, [chart, mark, count]);
          }
        }
      }
    },
    { point },
  );
});
