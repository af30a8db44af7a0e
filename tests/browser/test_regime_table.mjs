// The table of all points: pages, order, filters, the row that is open.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coordinatesOf, onPage, report, selectedPoint } from "./report_page.mjs";

const count = () => report.data.axes.reduce((product, axis) => product * axis.values.length, 1);
const points = (page) => page.locator("#points tr[data-point]").evaluateAll((rows) => rows.map((row) => Number(row.dataset.point)));
const heading = (page, column) => page.locator(`#points th button[data-column="${column}"]`);
const regimeOf = (point) => report.data.columns.find((column) => column.name === "regime").words[report.data.points.regime[point]];

test("a page of it at a time", () =>
  onPage(async (page) => {
    assert.deepEqual(await points(page), Array.from({ length: 25 }, (_, i) => i));
    assert.match(await page.textContent("#table-count"), new RegExp(`1 to 25 of ${count()} points`));
    await page.click('button[aria-label="next page"]');
    assert.equal((await points(page))[0], 25);
    await page.click('button[aria-label="last page"]');
    assert.equal((await points(page)).at(-1), count() - 1);
    assert.equal(await page.isDisabled('button[aria-label="next page"]'), true);
  }));

test("in the order of any column, up and down, points without a value last", () =>
  onPage(async (page) => {
    const columns = await page.locator("#points th button").evaluateAll((buttons) => buttons.map((button) => button.dataset.column));
    assert.ok(columns.includes("regime") && columns.includes("backward_rate") && columns.includes("width"));
    for (const column of columns) {
      for (const [state, sign] of [["ascending", 1], ["descending", -1]]) {
        await heading(page, column).click();
        assert.equal(await page.locator("#points th[aria-sort]:not([aria-sort=none])").getAttribute("aria-sort"), state);
        const shown = await points(page);
        assert.deepEqual(shown, expectedOrder(column, sign).slice(0, 25), `${column} ${state}`);
      }
    }
  }));

function expectedOrder(column, sign) {
  const axis = report.data.axes.find(({ name }) => name === column);
  const value = (point) => (axis ? axis.values.indexOf(coordinatesOf(point)[column]) : report.data.points[column][point]);
  const all = Array.from({ length: count() }, (_, point) => point);
  const known = all.filter((point) => value(point) !== null);
  known.sort((a, b) => sign * (value(a) - value(b)) || a - b);
  return [...known, ...all.filter((point) => value(point) === null)];
}

test("filtered by regime and by words, numbers and names", () =>
  onPage(async (page) => {
    const all = Array.from({ length: count() }, (_, point) => point);
    const expect = async (wanted, some = true) => {
      const expected = all.filter(wanted);
      assert.equal(expected.length > 0, some, "the sweep has such points");
      assert.match(await page.textContent("#table-count"), new RegExp(`${expected.length} points?$`));
      assert.deepEqual(await points(page), expected.slice(0, 25));
    };
    await page.selectOption("#table-regime", "vanishing");
    await expect((point) => regimeOf(point) === "vanishing");
    await page.fill("#table-text", "RELU 256");
    await expect((point) => regimeOf(point) === "vanishing" && coordinatesOf(point).activation === "relu" && coordinatesOf(point).width === 256);
    await page.selectOption("#table-regime", "");
    await page.fill("#table-text", "tan depth=17 weight_variance=1.5");
    await expect((point) => {
      const { activation, depth, weight_variance } = coordinatesOf(point);
      return activation === "tanh" && depth === 17 && weight_variance === 1.5;
    });
    await page.fill("#table-text", "explod");
    await expect((point) => regimeOf(point) === "exploding");
    await page.fill("#table-text", "no such word");
    await expect(() => false, false);
  }));

test("a row selects its point, and opens what is known of it", () =>
  onPage(async (page) => {
    const { rows } = report.data.format_exits;
    for (const point of new Set([rows[0][0], rows[rows.length >> 1][0], count() - 1])) {
      const text = Object.entries(coordinatesOf(point)).map(([name, value]) => `${name}=${value}`).join(" ");
      await page.fill("#table-text", text);
      assert.deepEqual(await points(page), [point]);
      await page.click(`#points tr[data-point="${point}"]`);
      assert.equal(await selectedPoint(page), point);
      assert.equal(await page.locator("#points tr.selected").getAttribute("data-point"), String(point));
      assert.match(await page.textContent("#points tr.open"), /backward total low/);
      const layers = await page.locator("#points .exits tbody td:not(:empty)").allTextContents();
      const expected = rows.filter(([of]) => of === point).map(([, , layer]) => String(layer));
      assert.deepEqual(layers.sort(), expected.sort());
      await page.click(`#points tr[data-point="${point}"]`);
      assert.equal(await page.locator("#points tr.open").count(), 0);
    }
  }));

test("with the keyboard alone", () =>
  onPage(async (page) => {
    await heading(page, "backward_rate").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.column), "backward_rate");
    const [first] = await points(page);
    await page.locator(`#points tr[data-point="${first}"] button`).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#points tr.open").count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-expanded")), "true");
  }));
