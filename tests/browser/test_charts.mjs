// Every chart draws what its table holds.
//
// Seen red: see each test.
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPage, report } from "./report_page.mjs";

const marks = (page, chart, mark) => page.locator(`#${chart} g.${mark}_marks > path, #${chart} g.${mark}_marks > line`).count();
const values = (name) => report.data.axes.find((axis) => axis.name === name).values;

test("a cell for every point of the slice", () =>
  onPage(async (page) => {
    const { x, y } = report.data.picture;
    const cells = values(x).length * values(y).length;
    assert.equal(await marks(page, "phase-diagram", "cells"), cells);
    assert.equal(await marks(page, "phase-diagram", "rates"), cells);
    assert.equal(await page.locator("#phase-diagram g.glyphs_marks > text").count(), cells);
    assert.equal(await marks(page, "phase-diagram", "selected_cell"), 1);
    assert.equal(await marks(page, "phase-diagram", "cursor_cell"), 0);
  }));

test("profiles of three quantities and two histograms", () =>
  onPage(async (page) => {
    for (const quantity of ["forward", "backward", "weight_gradient"]) {
      const chart = `profile-${quantity}`;
      for (const mark of ["networks", "band"]) assert.equal(await marks(page, chart, mark), 1, `${chart} ${mark}`);
      assert.ok((await page.locator(`#${chart} g.lines_marks path, #${chart} path.lines_marks`).count()) >= 1, chart);
      assert.ok((await marks(page, chart, "layers")) >= 8, chart);
    }
    for (const name of ["forward_last", "backward_first"]) {
      assert.ok((await marks(page, `histogram-${name}`, "bars")) >= 5, name);
      assert.equal(await marks(page, `histogram-${name}`, "mean"), 1, name);
    }
  }));
