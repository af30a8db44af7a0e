// Text of the sweep is text, whatever stands in it, and the page's policy lets no other script run.
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPage, report, TITLE } from "./report_page.mjs";

test("text is shown as it was written, licences are there", () =>
  onPage(async (page) => {
    assert.equal(report.data.title, TITLE);
    assert.equal(await page.textContent("h1"), TITLE);
    assert.ok((await page.title()).startsWith(TITLE.replace(/\s+/g, " ").slice(0, 20)));
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await page.textContent("#provenance-list"), /\[grid\]/);
    const licences = await page.textContent("#licences");
    for (const name of ["vega ", "vega-lite ", "vega-embed ", "d3-scale "]) assert.ok(("\n" + licences).includes(`\n${name}`), name);
  }));

test("no script but the page's own runs", () =>
  onPage(async (page) => {
    const allowed = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.intruder = true"; // which would run as soon as it is there
      const refusal = new Promise((resolve) => document.addEventListener("securitypolicyviolation", () => resolve("refused")));
      document.body.append(script);
      return window.intruder ? "ran" : refusal;
    });
    assert.equal(allowed, "refused");
  }, { expected: /Content Security Policy/ }));
