// Sweeps that leave much out: without gradients, of a single layer, of few and of many values.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, makeReport, onPage } from "./report_page.mjs";

const marks = (page, chart, mark) => page.locator(`#${chart} g.${mark}_marks > *`);

function sweep({ activation = "relu", weights, width = "[64]", depth = "[20]", measure = "" }) {
  return `
[grid]
activation = "${activation}"
weight_variance = ${weights}
bias_variance = [0.0, 0.05, 0.2]
width = ${width}
depth = ${depth}
[simulation]
replicas = 16
batches = 4
${measure}
`;
}

test("without gradients the signal's rates colour the phase diagram, and it says so", () => {
  const path = makeReport("forward", sweep({ weights: "[1.0, 2.0, 3.0]", measure: 'measure = ["forward"]' }));
  const { tables, picture } = dataOf(path);
  assert.equal(picture.quantity, "forward");
  return onPage(
    async (page) => {
      const fills = await marks(page, "phase-diagram", "rates").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("fill")));
      assert.equal(fills.length, tables.cells.forward_rate.filter((rate) => rate !== null).length);
      const pale = await marks(page, "phase-diagram", "changes").count();
      assert.equal(fills.length + pale, 9, "every cell has a colour");
      assert.ok(new Set(fills).size >= 3, `rates of different size have different colours: ${fills}`);
      assert.match(await page.textContent("#phase-diagram .role-legend-title"), /signal: change of ln q per layer/);
      assert.match(await page.textContent("#cell-status"), /ln q changes by/);
      assert.match(await page.textContent("#phases .caption"), /signal.*the gradient was not measured/);
    },
    { path },
  );
});

test("a single layer is a point with its interval and its spread, and the page says so", () => {
  const path = makeReport("layer", sweep({ activation: "tanh", weights: "1.5", depth: "1" }));
  return onPage(
    async (page) => {
      for (const mark of ["points", "single_interval", "single_spread", "single_theory"]) {
        assert.equal(await marks(page, "profile-forward", mark).count(), 1, mark);
      }
      const box = await marks(page, "profile-forward", "points").first().boundingBox();
      assert.ok(box.width >= 3 && box.height >= 3, "it can be seen");
      assert.match(await page.textContent("#profile-note"), /one layer/);
      assert.deepEqual(await page.locator("#profile-forward .role-axis-label text").first().textContent(), "1");
      assert.ok((await marks(page, "phase-diagram", "crosses").count()) === 3, "no change to show");
    },
    { path },
  );
});

test("ticks stand at the grid's own values, and cells have outlines", () => {
  const path = makeReport("values", sweep({ weights: "{ from = 1.0, to = 3.2, count = 12 }" }));
  const { axes } = dataOf(path);
  return onPage(
    async (page) => {
      const labels = await page.locator("#phase-diagram .role-axis").first().locator(".role-axis-label text").allTextContents();
      const values = axes.find(({ name }) => name === "weight_variance").values.map((value) => String(Number(value.toPrecision(6))));
      const shown = labels.filter(Boolean);
      assert.ok(shown.length >= 6, `${labels}`);
      for (const label of shown) assert.ok(values.includes(label), `${label} is the value of no cell`);
      const stroke = await marks(page, "phase-diagram", "rates").first().evaluate((cell) => [cell.getAttribute("stroke"), cell.getAttribute("stroke-width")]);
      assert.ok(stroke[0] && stroke[0] !== "none" && Number(stroke[1]) > 0, `${stroke}`);
    },
    { path },
  );
});
