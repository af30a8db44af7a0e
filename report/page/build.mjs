// Builds dist/: page.html, the report without its data; figures.mjs, which draws the charts as files; licences.txt.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { licencesOf } from "./licences.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const options = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none", // they stand in licences.txt
  metafile: true,
  logLevel: "warning",
};

async function bundlePage() {
  const { outputFiles, metafile } = await build({
    ...options, entryPoints: ["src/main.js"], format: "iife", platform: "browser", target: "es2022", write: false,
  });
  return { script: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}

async function bundleFigures() {
  const { metafile } = await build({
    ...options, entryPoints: ["src/figures.js"], outfile: "dist/figures.mjs", format: "esm", platform: "node", target: "node18",
    external: ["canvas"], // vega measures text with it where it is installed, and does without it elsewhere
    banner: { js: "// Draws the charts of varprop analyze. Licences of what is bundled: at the end of report.html." },
  });
  return Object.keys(metafile.inputs);
}

/** Fills the placeholders of a text, each of which must stand there once. */
function filled(text, values) {
  for (const [name, value] of Object.entries(values)) {
    const parts = text.split(`@${name}@`);
    if (parts.length !== 2) throw new Error(`src/page.html: @${name}@ stands there ${parts.length - 1} times, not once.`);
    text = parts.join(value);
  }
  return text;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const { script, inputs } = await bundlePage();
if (/<\/script|<!--|@DATA@/i.test(script)) throw new Error("The bundled script holds a text that would end it, or the data's placeholder.");
await mkdir(join(root, "dist"), { recursive: true });
const licences = await licencesOf(root, [...inputs, ...(await bundleFigures())]);
await writeFile(join(root, "dist/licences.txt"), licences);
const page = filled(await readFile(join(root, "src/page.html"), "utf8"), {
  STYLE: (await readFile(join(root, "style.css"), "utf8")).trim(),
  SCRIPT_HASH: "sha256-" + createHash("sha256").update(script).digest("base64"),
  LICENCES: escaped(licences),
  SCRIPT: script,
});
await writeFile(join(root, "dist/page.html"), page);
console.log(`dist/page.html: ${(page.length / 1e6).toFixed(2)} MB without data`);
