// The cells of the phase diagram as a grid that a keyboard can walk on.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** Points by their place in the picture. */
export class CellGrid {
  /** @param {Object[]} rows of the table `cells`, of one slice */
  constructor(rows, { x, y }) {
    this.columns = ascending(rows, x);
    this.lines = ascending(rows, y);
    this.points = new Map();
    this.places = new Map();
    const column = new Map(this.columns.map((value, place) => [value, place]));
    const line = new Map(this.lines.map((value, place) => [value, place]));
    for (const row of rows) {
      const place = [column.get(row[x]), line.get(row[y])];
      this.points.set(place.join(), row.point);
      this.places.set(row.point, place);
    }
  }

  has(point) {
    return this.places.has(point);
  }

  /** The next point in the direction of an arrow key; the same one at the rim; null for another key. */
  next(point, key) {
    const step = STEPS[key];
    if (!step) return null;
    const [column, line] = this.places.get(point) ?? [0, 0];
    return this.points.get([column + step[0], line + step[1]].join()) ?? point;
  }
}

function ascending(rows, name) {
  return [...new Set(rows.map((row) => row[name]))].sort((a, b) => a - b);
}
