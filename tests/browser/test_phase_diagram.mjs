// Cells are picked by pointer and by keyboard; the selectors choose the slice.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, onPage, outline, report, selectedPoint } from "./report_page.mjs";

const cell = (page, place) => page.locator("#phase-diagram g.cells_marks > path").nth(place);
/** Clicks near a cell's corner, where no sign stands. */
async function clickCell(page, place) {
  await cell(page, place).scrollIntoViewIfNeeded();
  const box = await cell(page, place).boundingBox();
  await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.2);
}

test("a click on a cell shows its networks", () =>
  onPage(async (page) => {
    const mean = () => outline(page, "#profile-backward", "mean");
    const before = { name: await page.textContent("#point-name"), mean: await mean(), facts: await page.textContent("#point-facts") };
    await clickCell(page, 0);
    await page.waitForFunction((text) => document.getElementById("point-name").textContent !== text, before.name);
    await page.waitForFunction(
      (d) => document.querySelector("#profile-backward g.mean_marks path").getAttribute("d") !== d, before.mean);
    const { x, y } = report.data.picture;
    const coordinates = coordinatesOf(await selectedPoint(page));
    assert.equal(coordinates[x], report.data.axes.find((axis) => axis.name === x).values[0]);
    assert.equal(coordinates[y], report.data.axes.find((axis) => axis.name === y).values[0]);
    assert.notEqual(await page.textContent("#point-facts"), before.facts);
    assert.match(await page.textContent("#cell-status"), /^Selected/);
    const sign = await cell(page, 1).boundingBox();
    const hash = await page.evaluate(() => location.hash);
    await page.mouse.click(sign.x + sign.width / 2, sign.y + sign.height / 2);
    await page.waitForFunction((before) => location.hash !== before, hash);
  }));

test("indices of symbols are set lower", () =>
  onPage(async (page) => {
    const titles = await page.locator("#phase-diagram .role-axis-title text").evaluateAll((texts) => texts.map((text) => text.innerHTML));
    assert.ok(titles.some((title) => /σ<\/tspan><tspan [^>]*dy="0.3em"[^>]*>w</.test(title)), `${titles}`);
    assert.ok(titles.every((title) => !title.includes("_")), `${titles}`);
  }));

test("arrow keys move, Enter selects", () =>
  onPage(async (page) => {
    const start = coordinatesOf(await selectedPoint(page));
    await page.locator("#phase-diagram").scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => window.scrollY);
    await page.focus("#phase-diagram");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowUp"]) await page.keyboard.press(key);
    await page.waitForSelector("#phase-diagram g.cursor_cell_marks > path");
    assert.match(await page.textContent("#cell-status"), /^Enter selects/);
    assert.deepEqual(coordinatesOf(await selectedPoint(page)), start, "the cursor alone selects nothing");
    await page.keyboard.press("Enter");
    const { x, y } = report.data.picture;
    const end = coordinatesOf(await selectedPoint(page));
    const values = (name) => report.data.axes.find((axis) => axis.name === name).values;
    assert.deepEqual(end, { ...start, [x]: values(x)[2], [y]: values(y)[1] });
    for (let i = 0; i < 20; ++i) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    assert.equal(coordinatesOf(await selectedPoint(page))[x], values(x)[0], "the rim stops it");
    assert.equal(await page.evaluate(() => window.scrollY), scrolled, "the page stays where it is");
  }, { point: 0 }));

test("the selectors show another slice", () =>
  onPage(async (page) => {
    const { x, y } = report.data.picture;
    const offered = await page.locator("#axes select").evaluateAll((lists) => lists.map((list) => list.name));
    const varied = report.data.axes.filter((axis) => axis.values.length > 1).map((axis) => axis.name);
    assert.deepEqual(offered, varied.filter((name) => name !== x && name !== y));
    const fills = () => page.locator("#phase-diagram g.rates_marks > path").evaluateAll((cells) => cells.map((one) => one.getAttribute("fill")).join());
    for (const name of offered) {
      const { values } = report.data.axes.find((axis) => axis.name === name);
      const value = String(values.at(coordinatesOf(await selectedPoint(page))[name] === values[0] ? -1 : 0));
      const before = await fills();
      await page.selectOption(`#axes select[name="${name}"]`, value);
      await page.waitForFunction(
        (text) => [...document.querySelectorAll("#phase-diagram g.rates_marks > path")].map((one) => one.getAttribute("fill")).join() !== text, before);
      assert.equal(String(coordinatesOf(await selectedPoint(page))[name]), value);
    }
  }, { point: 0 }));
