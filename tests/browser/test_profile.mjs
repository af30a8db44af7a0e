// Profiles of the selected point; of the nearest one that is there where it was left out.
import assert from "node:assert/strict";
import { test } from "node:test";

import { hashOf, onPage, report } from "./report_page.mjs";

const drawn = (page, chart) => page.locator(`#${chart} g.layers_marks > path`).count();

test("as many layers as the point has", () =>
  onPage(async (page) => {
    const { profiles } = report.data;
    for (const place of [0, profiles.points.length - 1]) {
      await page.evaluate((hash) => (location.hash = hash), hashOf(profiles.points[place]));
      const expected = profiles.forward.mean[place].filter((x) => x !== null).length;
      await page.waitForFunction(
        (count) => document.querySelectorAll("#profile-forward g.layers_marks > path").length === count, expected);
      assert.equal(await drawn(page, "profile-backward"), profiles.backward.mean[place].filter((x) => x !== null).length);
      const places = await page.locator("#profile-forward g.layers_marks > path").evaluateAll(
        (marks) => marks.map((mark) => /translate\(([^,]+)/.exec(mark.getAttribute("transform"))[1]));
      assert.equal(new Set(places).size, expected, "each layer has its place");
      assert.equal(await page.textContent("#profile-note"), "");
    }
  }));

test("where a profile was left out the nearest one is shown, and the page says so", () =>
  onPage(
    async (page) => {
      const note = await page.textContent("#profile-note");
      assert.match(note, /left out of the report\. The nearest one that is there is shown: /);
      assert.ok((await drawn(page, "profile-forward")) > 0);
    },
    { point: 1, change: (data) => keepProfiles(data, (_, place) => place % 2 === 0) },
  ));

test("a report without profiles says so", () =>
  onPage(
    async (page) => {
      assert.equal(await page.textContent("#profile-note"), "This report holds no profiles.");
      assert.equal(await page.isVisible("#profile-forward"), false);
    },
    { change: (data) => keepProfiles(data, () => false) },
  ));

function keepProfiles(data, kept) {
  const { profiles } = data;
  const thin = (series) => (series ? series.filter(kept) : series);
  profiles.points = thin(profiles.points);
  for (const quantity of ["forward", "backward", "weight_gradient"]) {
    for (const [name, series] of Object.entries(profiles[quantity])) profiles[quantity][name] = thin(series);
  }
  for (const [name, series] of Object.entries(profiles.histograms)) profiles.histograms[name] = thin(series);
}
