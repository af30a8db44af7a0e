// Where the results come from: the short of it at once, the long of it behind a click.
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPage, report } from "./report_page.mjs";

test("long parts are folded, and open", () =>
  onPage(async (page) => {
    const values = Object.fromEntries(report.data.provenance);
    const section = page.locator("#provenance");
    const box = await section.boundingBox();
    assert.ok(box.height < 400, `${box.height} pixels high`);
    assert.ok(await section.getByText(values["results file"], { exact: true }).isVisible());
    assert.equal(await section.getByText(values.identity, { exact: true }).isVisible(), false);
    await section.getByText("all settings").click();
    assert.ok(await section.getByText(values.identity, { exact: true }).isVisible());
    await section.getByText("sweep file", { exact: true }).click();
    assert.equal(await section.locator("pre").textContent(), values["sweep file"]);
    assert.ok(await section.locator("pre").isVisible());
  }));
