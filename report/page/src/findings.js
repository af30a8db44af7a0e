// What was found, in words: the first thing on the page.
import { element } from "./element.js";
import { countText, wholeText } from "./numbers.js";

/** The title and the findings, the most important one first. */
export function findings({ title, findings: sentences, progress }) {
  const { points, batches, done, failed } = progress;
  const whole = done === batches ? `all ${countText(batches, "batch", "batches")} done` : `${wholeText(done)} of ${countText(batches, "batch", "batches")} done`;
  const parts = [countText(points, "point"), whole];
  if (failed > 0) parts.push(`${wholeText(failed)} failed`);
  return [
    element("h1", {}, title),
    element("p", { class: "progress" }, parts.join(" · ")),
    element("ul", { class: "findings", id: "findings" }, sentences.map((sentence) => element("li", {}, sentence))),
  ];
}
