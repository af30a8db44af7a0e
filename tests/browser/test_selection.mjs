// The selected point stands in the address.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, hashOf, onPage, selectedPoint } from "./report_page.mjs";

test("an address with a point opens it", () =>
  onPage(
    async (page) => {
      const text = await page.textContent("#point-name");
      const { activation, width, depth } = coordinatesOf(100);
      for (const value of [activation, width, depth]) assert.ok(text.includes(String(value)), text);
    },
    { hash: hashOf(100) },
  ));

test("an address that names no point is as good as none", () =>
  onPage(async (page) => assert.notEqual(await page.textContent("#point-name"), ""), { hash: "#activation=none&width=<b>" }));

test("going to a part of the page keeps the point", () =>
  onPage(
    async (page) => {
      await page.click('nav a[href="#table"]');
      assert.equal(await selectedPoint(page), 7);
      await page.waitForFunction(() => document.getElementById("table").getBoundingClientRect().top < innerHeight);
    },
    { hash: hashOf(7) },
  ));
