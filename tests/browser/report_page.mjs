// A report of a small sweep, made once for all tests of a process, and pages of a browser that show it. Where the page was not
// built, or there is no browser, the process ends with 77: skipped.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { browserPath, startBrowser } from "./browser.mjs";

const { values: options } = parseArgs({ options: { varprop: { type: "string" }, report: { type: "string" } } });

// A title that would do harm if it were ever read as markup.
export const TITLE = `Edge <img src=x onerror="document.title='harm'"></script><script>document.title='harm'</script> & "so on" @DATA@ $& $1`;
const SWEEP = `
title = ${JSON.stringify(TITLE)}
[grid]
activation = ["tanh", "relu"]
weight_variance = { from = 0.5, to = 3.5, count = 7 }
bias_variance = [0.0, 0.05, 0.2]
width = [128, 256, 1024]
depth = [17, 65]
[simulation]
replicas = 48
batches = 4
`;

// Milliseconds after which an event that should have come is given up: a safety net and no measure.
const PATIENCE = 300_000;

const DATA = /(<script type="application\/json" data-key="(\w+)">)([^<]*)(<\/script>)/g;

export const report = { folder: null, path: null, data: null, figures: join(options.report, "dist/figures.mjs") };
let browser = null;
let context = null;

/** Why there is nothing to test; null where there is. */
function missing() {
  if (!existsSync(join(options.report, "dist/page.html"))) return "varprop was built without the page (no npm).";
  if (!existsSync(join(options.report, "node_modules/playwright-core"))) return "playwright-core is not installed (npm ci).";
  if (!browserPath()) return "there is no chromium.";
  return null;
}

/** The report of a sweep, in a folder of its own. */
export function makeReport(name, text) {
  const folder = join(report.folder, name);
  const sweep = join(folder, "sweep.toml");
  const results = join(folder, "results.h5");
  mkdirSync(folder);
  writeFileSync(sweep, text);
  execFileSync(options.varprop, ["sweep", sweep, "-o", results, "--progress", "none"], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync(options.varprop, ["analyze", results, "-o", join(folder, "analysis")], { stdio: ["ignore", "ignore", "inherit"] });
  return join(folder, "analysis/report.html");
}

export function dataOf(path) {
  const texts = {};
  for (const [, , key, text] of readFileSync(path, "utf8").matchAll(DATA)) texts[key] = (texts[key] ?? "") + text;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, JSON.parse(text)]));
}

const reason = missing();
if (reason) {
  console.log(`Skipped: ${reason}`);
  process.exit(77);
}

before(async () => {
  report.folder = mkdtempSync(join(tmpdir(), "varprop-report-"));
  report.path = makeReport("sweep", SWEEP);
  report.data = dataOf(report.path);
  browser = await startBrowser(options.report, report.folder);
  context = await browser.newContext(); // one for all pages, so that the page's script is compiled once
});

after(async () => {
  await browser?.close();
  if (report.folder) rmSync(report.folder, { recursive: true, force: true });
});

/** What a page did that none may do: complain, ask for anything but itself, open a dialog. */
function watch(page, address) {
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`);
  });
  return complaints;
}

/** The path of the report; of a copy whose data are changed where `change(data)` is given. */
function pathOf(change) {
  if (!change) return report.path;
  const data = structuredClone(report.data);
  change(data);
  const path = join(report.folder, "changed.html");
  const text = (key) => JSON.stringify(data[key]).replaceAll("<", "\\u003c");
  const seen = new Set();
  const once = (key) => (seen.has(key) ? "" : (seen.add(key), text(key))); // all of it in the first of a key's elements
  writeFileSync(path, readFileSync(report.path, "utf8").replace(DATA, (_, start, key, __, end) => start + once(key) + end));
  return path;
}

/**
 * Opens the report, calls `test(page)` when everything is drawn, and fails on anything that no page may do.
 * @param {{colorScheme, point, hash, change, path, expected}} view the point that is selected; `change(data)` of the report; another
 *     report; complaints that the test provokes
 */
export async function onPage(test, { colorScheme = "light", point, hash = point === undefined ? "" : hashOf(point), change, path = pathOf(change), expected } = {}) {
  const page = await context.newPage();
  try {
    page.setDefaultTimeout(PATIENCE);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme });
    const address = pathToFileURL(path).href;
    const complaints = watch(page, address);
    await page.goto(address + hash);
    await page.waitForSelector("html[data-ready]").catch(() => assert.fail(`the page is not drawn: ${complaints}`));
    await test(page);
    assert.deepEqual(complaints.filter((complaint) => !expected?.test(complaint)), []);
  } finally {
    await page.close();
  }
}

/** Places of a point along the axes; the points are in row-major order over them. */
export function coordinatesOf(point) {
  const found = {};
  for (const { name, values } of [...report.data.axes].reverse()) {
    found[name] = values[point % values.length];
    point = Math.floor(point / values.length);
  }
  return found;
}

/** The address of a page with this point. */
export function hashOf(point) {
  return "#" + new URLSearchParams(Object.entries(coordinatesOf(point)).map(([name, value]) => [name, String(value)]));
}

/** The point that the address of a page names. */
export async function selectedPoint(page) {
  const named = new URLSearchParams(new URL(page.url()).hash.slice(1));
  const count = report.data.axes.reduce((product, axis) => product * axis.values.length, 1);
  return Array.from({ length: count }, (_, point) => point).find((point) =>
    Object.entries(coordinatesOf(point)).every(([name, value]) => !named.has(name) || named.get(name) === String(value)),
  );
}

/** The outline of a chart's mark: another one where the chart shows other data. */
export function outline(page, chart, mark) {
  return page.locator(`${chart} g.${mark}_marks path`).first().getAttribute("d");
}
