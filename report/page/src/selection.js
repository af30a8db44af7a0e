// The selected point: the one state of the page. It stands in the address, so that a link names it.

/** Dispatches "change" when another point is selected. */
export class Selection extends EventTarget {
  constructor(results, point) {
    super();
    this.results = results;
    this.point = pointOfHash(results, location.hash) ?? point;
    window.addEventListener("hashchange", () => this.select(pointOfHash(results, location.hash)));
  }

  get coordinates() {
    return this.results.coordinates(this.point);
  }

  /** null and the selected point change nothing. */
  select(point) {
    if (point === null || point === this.point) return;
    this.point = point;
    history.replaceState(null, "", hashOf(this.results, point));
    this.dispatchEvent(new Event("change"));
  }

  /** The point that differs from the selected one in these coordinates or, where points are listed, is the most like it. */
  move(coordinates) {
    this.select(this.results.pointNear(this.coordinates, coordinates));
  }
}

/** "#weight_variance=1.5&width=64": the axes along which points differ. */
export function hashOf(results, point) {
  const coordinates = results.coordinates(point);
  return "#" + new URLSearchParams(results.variedAxes.map((axis) => [axis.name, String(coordinates[axis.name])]));
}

/** The point that a hash names; null where it names none. */
export function pointOfHash(results, hash) {
  const named = new URLSearchParams(hash.slice(1));
  const coordinates = {};
  for (const axis of results.axes) {
    const text = axis.values.length > 1 ? named.get(axis.name) : String(axis.values[0]);
    coordinates[axis.name] = axis.values.find((value) => String(value) === text);
  }
  return results.pointOf(coordinates);
}
