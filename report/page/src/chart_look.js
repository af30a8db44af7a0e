// How charts look: on the light and on the dark page, and in a paper. The specifications that are written by themselves have
// the light look, too.
import dark from "../looks/dark.json";
import light from "../looks/light.json";
import paper from "../looks/paper.json"; // 8 pt and 7 pt at 96 px an inch

const ON_PAGE = { background: "transparent" };

// One legend below the other.
const NARROW = { legend: { layout: { top: { direction: "vertical" }, bottom: { direction: "vertical" } } } };

/** The first with what the others say instead, member by member. */
function merged(first, ...others) {
  const made = { ...first };
  for (const other of others) {
    for (const [key, value] of Object.entries(other)) {
      const nested = value !== null && typeof value === "object" && !Array.isArray(value);
      made[key] = nested ? merged(made[key] ?? {}, value) : value;
    }
  }
  return made;
}

/** Vega-Lite configurations: of the page by its colours and width, of figures. */
export function lookOnPage(colours, narrow) {
  return merged(light, ON_PAGE, colours === "dark" ? dark : {}, narrow ? NARROW : {});
}
export const lookOnPaper = merged(light, NARROW, paper);
