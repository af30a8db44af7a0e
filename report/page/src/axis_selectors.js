// Selectors of the axes that the phase diagram does not draw along.
import { choiceList, element } from "./element.js";
import { coordinateText } from "./numbers.js";

/** A list for every such axis along which points differ. */
export function axisSelectors(results, selection, drawn) {
  const host = element("div", { class: "choices", id: "axes" });
  const fill = () => {
    const coordinates = selection.coordinates;
    const axes = results.variedAxes.filter((axis) => !drawn.includes(axis.name));
    host.replaceChildren(...axes.map((axis) => axisSelector(axis, coordinates[axis.name], selection)));
  };
  fill();
  selection.addEventListener("change", () => {
    const focused = document.activeElement?.closest?.("#axes select")?.name;
    fill();
    if (focused) host.querySelector(`select[name="${focused}"]`)?.focus();
  });
  return host;
}

function axisSelector(axis, chosen, selection) {
  const choices = axis.values.map((value) => [String(value), coordinateText(value)]);
  const list = choiceList(axis.label, choices, String(chosen), (place) => selection.move({ [axis.name]: axis.values[place] }));
  list.querySelector("select").name = axis.name;
  return list;
}
