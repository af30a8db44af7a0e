// Light and dark, wide and narrow.
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPage, outline } from "./report_page.mjs";

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (colour) => Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
const labelColour = (page) => page.locator("#phase-diagram g.role-axis-label text").first().getAttribute("fill");

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 400]) {
    test(`${colorScheme}, ${width} px wide`, () =>
      onPage(
        async (page) => {
          assert.equal(brightness(await background(page)) > 128, colorScheme === "light");
          const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
          assert.ok(content <= window, `${content} px of content in ${window} px`);
          for (const chart of ["phase-diagram", "profile-forward", "profile-backward", "histogram-forward_last"]) {
            const box = await page.locator(`#${chart} svg.marks`).boundingBox();
            assert.ok(box.width > 200 && box.x >= 0 && box.x + box.width <= width, `${chart}: ${JSON.stringify(box)}`);
          }
        },
        { colorScheme, width },
      ));
  }
}

test("the reader's choice of colours outdoes the system's", () =>
  onPage(
    async (page) => {
      const before = await labelColour(page);
      await page.selectOption("#theme select", "dark");
      assert.ok(brightness(await background(page)) < 128);
      await page.waitForFunction((colour) => document.querySelector("#phase-diagram g.role-axis-label text")?.getAttribute("fill") !== colour, before);
      assert.ok(await outline(page, "#profile-forward", "mean"), "the profile is drawn again");
      await page.selectOption("#theme select", "system");
      assert.ok(brightness(await background(page)) > 128);
    },
    { colorScheme: "light" },
  ));
