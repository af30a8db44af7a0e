// Figures for a paper: drawn by node, without a browser.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { report } from "./report_page.mjs";

function draw(data, name) {
  const path = join(report.folder, `${name}.json`);
  const folder = join(report.folder, name);
  writeFileSync(path, JSON.stringify(data));
  const done = spawnSync(process.execPath, [report.figures, path, folder], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return { folder, names: done.stdout.trim().split("\n"), said: done.stderr };
}

test("a figure for every slice, as wide as a column, on white", () => {
  const { folder, names, said } = draw(report.data, "figures");
  assert.deepEqual([...names].sort(), readdirSync(folder).sort());
  const slices = report.data.charts["phase-diagram"].params.filter((param) => param.bind).reduce((product, param) => product * param.bind.options.length, 1);
  assert.equal(names.filter((name) => name.startsWith("phase-diagram")).length, slices);
  for (const chart of ["profile_forward", "profile_backward", "histogram_backward", "width-scaling"]) assert.ok(names.some((name) => name.startsWith(chart)), chart);
  assert.ok(names.length <= 48);
  if (names.length === 48) assert.match(said, /^\d+ more figures were left out: at most 48 are drawn/);
  for (const name of names) {
    const svg = readFileSync(join(folder, name), "utf8");
    const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
    assert.ok(Number(width) <= 3.4 * 96 + 5 && Number(width) > 250, `${name}: ${width}`);
    assert.ok(Number(height) < 300, `${name}: ${height}`);
    const [, plot] = /class="background"[^>]* d="M0.5,0.5h([\d.]+)/.exec(svg);
    assert.ok(Number(plot) > 260, `${name}: text leaves ${plot} pixels to the plot`);
    assert.ok(!svg.includes("…"), `${name}: text is cut off`);
    assert.ok((svg.match(/<path/g) ?? []).length > 5, name);
    assert.doesNotMatch(svg.replace(/<[^>]*>/g, "\n"), /_/, `${name}: an index is set lower`);
    for (const part of name.replace(".svg", "").split("_").slice(1).filter((one) => /^(activation|width|depth)-/.test(one))) {
      const value = part.slice(part.indexOf("-") + 1);
      assert.match(svg.replace(/<[^>]*>/g, "\n"), new RegExp(`(^|[^\\w.])${value}([^\\w.]|$)`), `${name}: its title says ${part}`);
    }
  }
});

test("names are safe whatever the values are", () => {
  const data = JSON.parse(JSON.stringify(report.data).replaceAll('"tanh"', '"../leaky_relu(0.2) <b>"'));
  for (const { params } of Object.values(data.charts)) for (const { bind } of params) bind?.options.splice(1);
  const { names } = draw(data, "hostile");
  assert.ok(names.length > 5);
  for (const name of names) assert.match(name, /^[A-Za-z0-9._-]+\.svg$/);
});

test("data that are none are refused with a sentence", () => {
  const path = join(report.folder, "none.json");
  writeFileSync(path, "{");
  const done = spawnSync(process.execPath, [report.figures, path, join(report.folder, "none")], { encoding: "utf8" });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /^figures: .+/);
});
