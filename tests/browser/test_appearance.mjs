// Light and dark, wide and narrow.
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPage, outline } from "./report_page.mjs";

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (colour) => Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
const labelColour = (page) => page.locator("#phase-diagram g.role-axis-label text").first().getAttribute("fill");

async function checkWidth(page, width) {
  await page.setViewportSize({ width, height: 900 });
  const charts = ["phase-diagram", "profile-forward", "profile-backward", "histogram-forward_last", "depth-laws"];
  await page.waitForFunction(
    (names) => names.every((name) => {
      const host = document.getElementById(name);
      return Math.abs(host.querySelector("svg.marks").getBoundingClientRect().width - host.clientWidth) < 5;
    }),
    charts,
  );
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${content} px of content in ${window} px`);
  for (const chart of charts) {
    const box = await page.locator(`#${chart} svg.marks`).boundingBox();
    assert.ok(box.width > 200 && box.x >= 0 && box.x + box.width <= width, `${chart}: ${JSON.stringify(box)}`);
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}, on a wide and on a narrow page`, () =>
    onPage(
      async (page) => {
        assert.equal(brightness(await background(page)) > 128, colorScheme === "light");
        for (const width of [1280, 400]) await checkWidth(page, width);
        const other = colorScheme === "light" ? "dark" : "light";
        const before = await labelColour(page);
        await page.selectOption("#theme select", other);
        assert.equal(brightness(await background(page)) > 128, other === "light", "the reader's choice outdoes the system's");
        await page.waitForFunction((colour) => document.querySelector("#phase-diagram g.role-axis-label text")?.getAttribute("fill") !== colour, before);
        assert.ok(await outline(page, "#profile-forward", "mean"), "the profile is drawn again");
        await page.selectOption("#theme select", "system");
        assert.equal(brightness(await background(page)) > 128, colorScheme === "light");
      },
      { colorScheme },
    ));
}
