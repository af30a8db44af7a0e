// Elements of the page. Text is always text: nothing that comes from a sweep is ever read as markup.

import { withSubscripts } from "./symbols.js";

/**
 * An element with its properties and children.
 * @param {string} tag
 * @param {Object} properties `on…`: a listener; true: an attribute without a value; null, undefined, false: none; else an attribute
 * @param {...(Node|string|null)} children null: none
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A labelled list to choose from. `choices`: [value, text] pairs; `choose` is called with the place of the choice in them. */
export function choiceList(label, choices, chosen, choose) {
  const list = element(
    "select",
    { onchange: () => choose(list.selectedIndex) },
    choices.map(([value, text]) => element("option", { value, selected: value === chosen }, text)),
  );
  return element("label", { class: "choice" }, element("span", {}, withSubscripts(label)), list);
}
