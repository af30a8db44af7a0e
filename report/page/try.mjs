// node try.mjs REPORT.html PAGE.html: the data of a report in the page that is in dist/. For work on the page.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [report, out] = process.argv.slice(2);
const elements = readFileSync(report, "utf8").match(/<script type="application\/json" data-key="\w+">[^<]*<\/script>/g);
const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "dist/page.html"), "utf8");
writeFileSync(out, page.split("@DATA@").join(elements.join("\n")));
