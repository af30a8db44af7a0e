// How long a report of 10⁵ points takes to open, and how large it is. Run by hand:
//
//   node benchmarks/report_opening.mjs --varprop build/release/driver/varprop --report build/release/report
//
// It takes a minute and 0.5 GB of the temporary folder, which it removes. Times are from the start of the navigation, in a browser
// that was just started.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { startBrowser } from "../tests/browser/browser.mjs";

const SWEEP = `
title = "A report of 10⁵ points"
[grid]
activation = ["relu", "leaky_relu(0.2)"]
weight_variance = { from = 1.0, to = 3.45, count = 50 }
bias_variance = { from = 0.0, to = 0.24, count = 25 }
width = [16, 32, 64, 128, 256, 512, 1024, 2048]
depth = [8, 16, 24, 32, 64]
[simulation]
replicas = 6
batches = 3
[output]
layers = 64
`;
const OPENINGS = 5;

const { values: options } = parseArgs({ options: { varprop: { type: "string" }, report: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "varprop-opening-"));

/** Seconds until the phase diagram has its cells, the table its rows, and everything is drawn. */
async function open(path) {
  const browser = await startBrowser(resolve(options.report), folder);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const start = performance.now();
    const seconds = async (selector) => {
      await page.waitForSelector(selector, { state: "attached" });
      return (performance.now() - start) / 1000;
    };
    const opened = [seconds("#phase-diagram .marks"), seconds("#points tr[data-point]"), seconds("html[data-ready]")];
    await page.goto(pathToFileURL(path).href);
    return await Promise.all(opened);
  } finally {
    await browser.close();
  }
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

try {
  writeFileSync(join(folder, "sweep.toml"), SWEEP);
  execFileSync(resolve(options.varprop), ["sweep", "sweep.toml", "-o", "results.h5", "--progress", "none"], { cwd: folder, stdio: "inherit" });
  execFileSync(resolve(options.varprop), ["analyze", "results.h5", "-o", "analysis"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const path = join(folder, "analysis/report.html");
  const times = [];
  for (let i = 0; i < OPENINGS; ++i) times.push(await open(path));
  console.log(`report.html: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  for (const [i, what] of ["phase diagram drawn", "table usable", "everything drawn"].entries()) {
    const all = times.map((one) => one[i]);
    console.log(`${what}: median ${median(all).toFixed(2)} s, worst ${Math.max(...all).toFixed(2)} s of ${OPENINGS}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
