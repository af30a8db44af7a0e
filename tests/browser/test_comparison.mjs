// Several points in one profile, and two inputs through the layers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, hashOf, makeReport, onPage, report } from "./report_page.mjs";

const lines = (page, chart, mark) => page.locator(`#${chart} g.${mark}_marks path`);
const legend = (page, chart) => page.locator(`#${chart} .role-legend-label text`).allTextContents();

/** Points of one slice that differ in their weight variance alone. */
function alike(count) {
  const axis = report.data.axes.findIndex(({ name }) => name === "weight_variance");
  const stride = report.data.axes.slice(axis + 1).reduce((product, { values }) => product * values.length, 1);
  return Array.from({ length: count }, (_, i) => i * stride);
}

async function compare(page, points) {
  for (const point of points) {
    await page.evaluate((hash) => (location.hash = hash), hashOf(point));
    await page.waitForFunction((count) => document.querySelectorAll("#compared .chip").length === count, points.indexOf(point));
    await page.click("#compare");
    await page.waitForSelector(`#compared .chip[data-point="${point}"]`);
  }
}

test("points that are compared have a line each, and a legend that tells them apart", () =>
  onPage(async (page) => {
    const points = alike(3);
    await compare(page, points);
    await page.waitForFunction(() => document.querySelectorAll("#profile-forward g.compared_marks path").length === 3);
    const strokes = await lines(page, "profile-forward", "compared").evaluateAll((paths) => paths.map((path) => path.getAttribute("stroke")));
    assert.equal(new Set(strokes).size, 3, `a colour each: ${strokes}`);
    const names = (await legend(page, "profile-forward")).filter((text) => text.includes("="));
    assert.deepEqual(names.length, 3, names.join());
    for (const value of ["0.5", "1", "1.5"]) assert.ok(names.some((name) => name.endsWith(`= ${value}`)), names.join());
    await page.click(`#compared .chip[data-point="${points[1]}"]`);
    await page.waitForFunction(() => document.querySelectorAll("#profile-forward g.compared_marks path").length === 2);
  }));

test("no more than eight are compared", () =>
  onPage(async (page) => {
    const points = Array.from({ length: 8 }, (_, i) => i);
    await compare(page, points);
    await page.evaluate((hash) => (location.hash = hash), hashOf(8));
    await page.waitForFunction(() => document.querySelector("#compare").disabled);
    assert.match(await page.textContent("#compare"), /8 points are compared/);
    assert.equal((await legend(page, "profile-forward")).filter((text) => text.includes("=")).length, 8);
  }));

test("a cell that is clicked with Shift is compared and not selected", () =>
  onPage(async (page) => {
    const before = await page.evaluate(() => location.hash);
    const cells = page.locator("#phase-diagram g.rates_marks > path");
    await cells.first().click({ modifiers: ["Shift"], force: true });
    await page.waitForSelector("#compared .chip");
    assert.equal(await page.evaluate(() => location.hash), before);
  }));

test("symbols in the page's own text have their index lowered", () =>
  onPage(async (page) => {
    assert.equal(await page.locator("#point-name sub").first().textContent(), "w");
    assert.ok(!(await page.textContent("#point-name")).includes("_"));
    assert.ok((await page.locator("#points thead sub").count()) > 0);
  }));

const PAIRS = `
[grid]
activation = "tanh"
weight_variance = [1.0, 2.0, 3.0]
bias_variance = 0.05
width = 64
depth = [10, 20, 40]
[simulation]
replicas = 32
batches = 4
`;

test("a sweep of two inputs alone is drawn: c, ln(1 - c), their gradients, the regimes of the distance", () => {
  const path = makeReport("pairs", `${PAIRS}measure = ["correlation"]\n`);
  const { picture, profiles, progress, findings } = dataOf(path);
  assert.deepEqual([picture.quantity, picture.regime], ["correlation", "correlation_regime"]);
  assert.equal(progress.points, 9);
  assert.ok(findings.some((sentence) => sentence.startsWith("Two inputs of correlation 0.5")), findings.join("\n"));
  return onPage(
    async (page) => {
      for (const name of ["correlation", "correlation_log_distance", "gradient_correlation", "gradient_correlation_log_distance"]) {
        const count = profiles[name].mean[0].filter((x) => x !== null).length;
        assert.ok(count > 0 && (await page.isVisible(`#profile-${name}`)), name);
        assert.equal(await lines(page, `profile-${name}`, "theory").count(), 1, `theory of ${name}`);
      }
      for (const map of ["q", "c"]) {
        assert.equal(await lines(page, `layer-maps-${map}`, "map").count(), 1, map);
        assert.equal(await lines(page, `layer-maps-${map}`, "diagonal").count(), 1, map);
      }
      assert.equal(await lines(page, "layer-maps-c", "path").count(), 1, "the stairs of the networks");
      assert.equal(await page.isVisible("#profile-forward"), false);
      assert.equal(await page.locator("#phase-diagram g.changes_marks > path").count(), 9, "every cell has a colour");
      assert.match(await page.textContent("#cell-status"), /alike|kept|apart|undecided/);
      assert.doesNotMatch(await page.textContent("main"), /no result yet/);
      assert.match(await page.textContent("#phases .key"), /alike/);
      assert.equal(await lines(page, "phase-diagram", "trainable").count(), 1, "k ξ_c over a picture of depths");
    },
    { path },
  );
});

test("the tangent kernel's fluctuation is drawn against depth over width", () => {
  const path = makeReport("ntk", `
[grid]
activation = "relu"
weight_variance = 2.0
width = [64, 128, 256]
depth = [4, 8]
[simulation]
replicas = 2048
batches = 16
measure = ["ntk"]
`);
  return onPage(
    async (page) => {
      assert.equal(await page.locator("#width-scaling g.measured_marks > path").count(), 6);
      assert.match(await page.textContent("#width"), /NTK of single networks/);
    },
    { path, expected: /-scale's "zero" is dropped/ }, // of a picture of widths
  );
});
