// Points that are drawn beside the selected one, each in a colour of its own.

/** As many as can be told apart. */
export const MOST_COMPARED = 8;

/** Dispatches "change" when a point comes or goes. */
export class Comparison extends EventTarget {
  constructor(results) {
    super();
    this.results = results;
    this.points = [];
  }

  get full() {
    return this.points.length >= MOST_COMPARED;
  }

  has(point) {
    return this.points.includes(point);
  }

  /** Takes a point in, or leaves it out; null and a ninth point change nothing. */
  toggle(point) {
    if (point === null || point === undefined || (this.full && !this.has(point))) return;
    this.points = this.has(point) ? this.points.filter((other) => other !== point) : [...this.points, point];
    this.dispatchEvent(new Event("change"));
  }

  /** A short name for each: what tells it from the others and from `point`. */
  names(point) {
    const { axes, variedAxes } = this.results;
    const all = [...this.points, point].map((other) => this.results.coordinates(other));
    const telling = variedAxes.filter(({ name }) => all.some((coordinates) => coordinates[name] !== all[0][name]));
    const shown = telling.length ? telling : variedAxes.length ? variedAxes.slice(0, 1) : axes.slice(0, 1);
    const text = (axis, value) => (typeof value === "string" ? value : `${axis.symbol || axis.label} = ${value}`);
    return new Map(this.points.map((other, i) => [other, shown.map((axis) => text(axis, all[i][axis.name])).join(", ")]));
  }
}
