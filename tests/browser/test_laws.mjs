// Charts of laws show the law that is chosen, of the slice of the selected point.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, hashOf, onPage, report, selectedPoint } from "./report_page.mjs";

/** Rows of a table that a chart shows for a point: those without a coordinate belong to every point. */
function rowsOf(table, law, point, shown) {
  const columns = report.data.tables[table];
  return columns.law.map((_, i) => i).filter((i) =>
    columns.law[i] === law && Object.entries(point).every(([axis, value]) => shown.includes(axis) || columns[axis][i] === null || columns[axis][i] === value));
}

for (const [chart, section, table, mark] of [
  ["depth-laws", "depth", "depth_laws", "estimates"],
  ["width-scaling", "width", "width_laws", "measured"],
]) {
  test(`${chart}: every law can be chosen, and has its marks`, () =>
    onPage(async (page) => {
      await page.evaluate((hash) => (location.hash = hash), hashOf(0));
      const point = coordinatesOf(await selectedPoint(page));
      const specification = report.data.charts[chart];
      const laws = specification.params.find((param) => param.name === "law").bind.options;
      assert.ok(laws.length > 0);
      const columns = report.data.tables[table];
      for (const law of laws) {
        await page.selectOption(`#${section} select`, law);
        const rows = rowsOf(table, law, point, specification.usermeta.shows);
        const marked = rows.filter((i) => (table === "depth_laws" ? columns.estimate[i] !== null : columns.kind[i] === "measured"));
        if (rows.length === 0) {
          await page.waitForSelector(`#${chart}`, { state: "hidden" });
          assert.match(await page.textContent(`#${section} .note`), /nothing of this law/);
          continue;
        }
        await page.waitForFunction(
          ([id, name, count]) => document.querySelectorAll(`#${id} g.${name}_marks > path`).length === count, [chart, mark, marked.length]);
      }
    }));
}
