// Every chart draws what its table holds.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, onPage, report } from "./report_page.mjs";

const marks = (page, chart, mark) => page.locator(`#${chart} g.${mark}_marks > *`).count();
/** Rows of the table of cells in the slice of a point. */
function cellsAround(point) {
  const { cells } = report.data.tables;
  const { x, y } = report.data.picture;
  const slice = Object.entries(coordinatesOf(point)).filter(([axis]) => axis !== x && axis !== y);
  return cells.point.map((_, i) => i).filter((i) => slice.every(([axis, value]) => cells[axis][i] === value));
}

test("every chart draws its marks", () =>
  onPage(async (page) => {
    const cells = cellsAround(0);
    const { backward_rate: rates } = report.data.tables.cells;
    assert.equal(await marks(page, "phase-diagram", "cells"), cells.length);
    assert.equal(await marks(page, "phase-diagram", "glyphs"), cells.length);
    assert.equal(await marks(page, "phase-diagram", "rates"), cells.filter((i) => rates[i] !== null).length);
    assert.equal(await marks(page, "phase-diagram", "selected_cell"), 1);
    assert.equal(await marks(page, "phase-diagram", "cursor_cell"), 0);
    for (const quantity of ["forward", "backward", "weight_gradient"]) {
      const chart = `profile-${quantity}`;
      for (const mark of ["networks", "band", "mean"]) assert.equal(await marks(page, chart, mark), 1, `${chart} ${mark}`);
      assert.ok((await marks(page, chart, "layers")) >= 8, chart);
    }
    for (const name of ["forward_last", "backward_first"]) {
      assert.ok((await marks(page, `histogram-${name}`, "bars")) >= 3, name);
      assert.equal(await marks(page, `histogram-${name}`, "mean"), 1, name);
    }
  }, { point: 0 }));

test("the measured critical line and theory's are in the phase diagram", () => {
  const { critical, edge } = report.data.tables;
  assert.ok(critical.estimate.length > 0 && edge.kind.length > 0, "the sweep has some");
  const point = report.data.profiles.points.find((one) => {
    const { activation, width } = coordinatesOf(one);
    return critical.estimate.some((_, i) => critical.activation[i] === activation && critical.width[i] === width);
  });
  return onPage(
    async (page) => {
      assert.ok((await marks(page, "phase-diagram", "critical")) > 0);
      assert.ok((await marks(page, "phase-diagram", "edge")) > 0);
    },
    { point },
  );
});
