// Where the results come from, and what the report leaves out.
import { element } from "./element.js";

// What most readers ask for; the rest is folded away, and so is each value of several lines.
const FIRST = ["results file", "date", "made by", "networks", "seed"];

/** [what, value] pairs; values of several lines stay as they were written. */
export function provenance(pairs) {
  const isLong = ([, value]) => String(value).includes("\n");
  const short = pairs.filter((pair) => !isLong(pair));
  const first = short.filter(([what]) => FIRST.includes(what));
  const rest = short.filter(([what]) => !FIRST.includes(what));
  return element(
    "div",
    { id: "provenance-list" },
    entries(first),
    rest.length ? folded("all settings", entries(rest)) : null,
    pairs.filter(isLong).map(([what, value]) => folded(what, element("pre", {}, String(value)))),
  );
}

function entries(pairs) {
  const terms = pairs.map(([what, value]) => element("div", {}, element("dt", {}, what), element("dd", {}, String(value))));
  return element("dl", { class: "provenance" }, terms);
}

function folded(title, content) {
  return element("details", {}, element("summary", {}, title), content);
}

/** What was thinned out, what is missing and why. */
export function notes(sentences) {
  if (sentences.length === 0) return element("p", {}, "Nothing was left out.");
  return element("ul", { id: "notes-list" }, sentences.map((sentence) => element("li", {}, sentence)));
}
