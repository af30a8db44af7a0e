// All that is known of one point: below its row in the table.
import { element } from "./element.js";
import { exitTable, exitsOf } from "./format_exits.js";
import { coordinateText, numberText } from "./numbers.js";

export function pointDetail(results, point) {
  const coordinates = results.coordinates(point);
  const terms = [
    ...results.axes.map((axis) => term(axis.label, axis.name, coordinateText(coordinates[axis.name]))),
    ...[...results.columns.values()].flatMap((column) => {
      const value = results.value(column.name, point);
      return value === null ? [] : term(column.label, column.meaning, typeof value === "number" ? numberText(value) : value);
    }),
  ];
  return element("div", { class: "detail" }, element("dl", { class: "facts" }, terms), exitTable(exitsOf(results.data.format_exits, point)));
}

function term(label, meaning, text) {
  return element("div", { title: meaning }, element("dt", {}, label), element("dd", {}, text));
}
