// Where the results come from, and what the report leaves out.
import { element } from "./element.js";

/** [what, value] pairs; values of several lines stay as they were written. */
export function provenance(pairs) {
  const entries = pairs.map(([what, value]) => {
    const text = String(value);
    const shown = text.includes("\n") ? element("pre", {}, text) : text;
    return element("div", {}, element("dt", {}, what), element("dd", {}, shown));
  });
  return element("dl", { class: "provenance", id: "provenance-list" }, entries);
}

/** What was thinned out, what is missing and why. */
export function notes(sentences) {
  if (sentences.length === 0) return element("p", {}, "Nothing was left out.");
  return element("ul", { id: "notes-list" }, sentences.map((sentence) => element("li", {}, sentence)));
}
