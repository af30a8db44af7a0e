// What the report is about: the grid of points and what is known of each. The data are those of docs/report-format.md.

/** The grid and its columns. A point is its index: of a product row-major over the axes, the last fastest, else in the list. */
export class Results {
  constructor(data) {
    this.data = data;
    this.axes = data.axes;
    this.picture = data.picture;
    this.charts = data.charts;
    this.quantities = new Map(data.quantities.map((quantity) => [quantity.name, quantity]));
    this.columns = new Map(data.columns.map((column) => [column.name, column]));
    this.listed = data.places; // of every axis the places of the points, null for a product
    this.pointCount = this.listed ? this.listed[0].length : this.axes.reduce((product, axis) => product * axis.values.length, 1);
    this.strides = this.axes.map((_, i) => this.axes.slice(i + 1).reduce((product, axis) => product * axis.values.length, 1));
  }

  get tables() {
    return this.data.tables;
  }

  /** The quantities that a profile can be of, and the numbers of single networks that a histogram can be of. */
  get profileNames() {
    return this.data.quantities.map(({ name }) => name);
  }

  get histogramNames() {
    return this.data.quantities.map(({ single_networks }) => single_networks).filter(Boolean);
  }

  axis(name) {
    return this.axes.find((axis) => axis.name === name);
  }

  /** Axes along which points differ. */
  get variedAxes() {
    return this.axes.filter((axis) => axis.values.length > 1);
  }

  /** The place of a point along the i-th axis. */
  placeAlong(i, point) {
    if (this.listed) return this.listed[i][point];
    return Math.floor(point / this.strides[i]) % this.axes[i].values.length;
  }

  /** Places of a point along every axis. */
  places(point) {
    return this.axes.map((_, i) => this.placeAlong(i, point));
  }

  /** Coordinates by the axes' names. */
  coordinates(point) {
    return Object.fromEntries(this.axes.map((axis, i) => [axis.name, axis.values[this.placeAlong(i, point)]]));
  }

  /** The point with these coordinates; null where the grid has none. */
  pointOf(coordinates) {
    if (this.listed) return this.listedPointOf(coordinates);
    let point = 0;
    for (const [i, axis] of this.axes.entries()) {
      const place = axis.values.indexOf(coordinates[axis.name]);
      if (place < 0) return null;
      point += place * this.strides[i];
    }
    return point;
  }

  listedPointOf(coordinates) {
    const places = this.axes.map((axis) => axis.values.indexOf(coordinates[axis.name]));
    for (let point = 0; point < this.pointCount; ++point) {
      if (places.every((place, i) => this.listed[i][point] === place)) return point;
    }
    return null;
  }

  /** The point that has the coordinates `asked`, and as many of the others as there is one with; null where none has them. */
  pointNear(others, asked) {
    const exact = this.pointOf({ ...others, ...asked });
    if (exact !== null || !this.listed) return exact;
    const wanted = this.axes.map((axis) => axis.values.indexOf({ ...others, ...asked }[axis.name]));
    let [best, least] = [null, Infinity];
    for (let point = 0; point < this.pointCount; ++point) {
      if (this.axes.some((axis, i) => axis.name in asked && this.listed[i][point] !== wanted[i])) continue;
      const away = wanted.filter((place, i) => this.listed[i][point] !== place).length;
      if (away < least) [best, least] = [point, away];
    }
    return best;
  }

  /** Points that differ from `start` along these axes alone, itself among them. */
  neighbours(start, names) {
    const kept = this.axes.map((_, i) => i).filter((i) => !names.includes(this.axes[i].name));
    if (this.listed) {
      const all = Array.from({ length: this.pointCount }, (_, point) => point);
      return all.filter((point) => kept.every((i) => this.listed[i][point] === this.listed[i][start]));
    }
    const along = this.axes.map((_, i) => i).filter((i) => !kept.includes(i));
    const base = (i, point) => point - this.placeAlong(i, point) * this.strides[i];
    return along.reduce(
      (points, i) => points.flatMap((point) => this.axes[i].values.map((_, place) => base(i, point) + place * this.strides[i])),
      [start],
    );
  }

  /** A column's value at a point: a number, a word, or null. */
  value(name, point) {
    const stored = this.data.points[name]?.[point] ?? null;
    const column = this.columns.get(name);
    return stored !== null && column.kind === "word" ? column.words[stored] : stored;
  }

  /** The coordinates that tell a point from others, as words: "weight variance σ_w² 1.5 · width 64". */
  describe(point) {
    const { coordinates, variedAxes } = { coordinates: this.coordinates(point), variedAxes: this.variedAxes };
    return (variedAxes.length ? variedAxes : this.axes).map((axis) => axisValueText(axis, coordinates[axis.name])).join(" · ");
  }
}

/** "width n = 64"; a word stands for itself. */
export function axisValueText(axis, value) {
  return typeof value === "string" ? value : `${axis.label} = ${value}`;
}
