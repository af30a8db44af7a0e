// The selected point stands in the address.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, onPage, selectedPoint } from "./report_page.mjs";

test("an address that names no point is as good as none", () =>
  onPage(async (page) => assert.notEqual(await page.textContent("#point-name"), ""), { hash: "#activation=none&width=<b>" }));

test("an address opens its point, and going to a part of the page keeps it", () =>
  onPage(
    async (page) => {
      const text = await page.textContent("#point-name");
      const { activation, width, depth } = coordinatesOf(7);
      for (const value of [activation, width, depth]) assert.ok(text.includes(String(value)), text);
      await page.click('nav a[href="#table"]');
      assert.equal(await selectedPoint(page), 7);
      await page.waitForFunction(() => document.getElementById("table").getBoundingClientRect().top < innerHeight);
    },
    { point: 7 },
  ));
