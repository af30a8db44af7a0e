// Which points the table shows, and in which order. It is quick for 10⁵ points: columns become arrays of numbers.

export class PointOrder {
  constructor(results) {
    this.results = results;
    this.keys = new Map();
    this.every = new Uint32Array(results.pointCount).map((_, point) => point);
  }

  /**
   * Points that pass both filters, in order of a column.
   * @param {{text: string, regime: ?string, column: ?string, descending: boolean}} wanted no column: in order of the grid
   * @returns {Uint32Array}
   */
  points({ text, regime, column, descending }) {
    const tests = [...text.trim().split(/\s+/).filter(Boolean).map((token) => this.tokenTest(token)), ...this.regimeTest(regime)];
    const passing = tests.length ? this.every.filter((point) => tests.every((test) => test(point))) : this.every.slice();
    return column ? sorted(passing, this.key(column), descending) : passing;
  }

  /** A number for each point that sorts like the column; NaN where it has no value. Words sort as they are listed. */
  key(name) {
    if (!this.keys.has(name)) this.keys.set(name, this.makeKey(name));
    return this.keys.get(name);
  }

  makeKey(name) {
    const { axes, data } = this.results;
    const i = axes.findIndex((axis) => axis.name === name);
    const value = i < 0 ? (point) => data.points[name]?.[point] ?? NaN : (point) => this.results.placeAlong(i, point);
    return Float64Array.from(this.every, value);
  }

  regimeTest(regime) {
    if (!regime) return [];
    const wanted = this.results.columns.get("regime").words.indexOf(regime);
    const key = this.key("regime");
    return [(point) => key[point] === wanted];
  }

  /** name=value, a number (a coordinate), or part of a word. */
  tokenTest(token) {
    const named = /^([\w]+)=(.+)$/.exec(token);
    if (named) return this.wordTest([named[1]], (text) => text === named[2].toLowerCase());
    const number = Number(token);
    const axes = this.results.axes.map((axis) => axis.name);
    if (!Number.isNaN(number)) return this.wordTest(axes, (text) => text !== "" && Number(text) === number);
    const words = [...this.results.columns.values()].filter((column) => column.kind === "word").map((column) => column.name);
    return this.wordTest([...axes, ...words], (text) => text.includes(token.toLowerCase()));
  }

  /** Whether one of these columns has a text that passes. Only the few different texts are looked at, not every point's. */
  wordTest(names, passes) {
    const places = names.map((name) => ({ key: this.key(name), passing: this.textsOf(name).map((text) => passes(text.toLowerCase())) }));
    return (point) => places.some(({ key, passing }) => passing[key[point]] === true);
  }

  textsOf(name) {
    const axis = this.results.axis(name);
    return (axis ? axis.values : (this.results.columns.get(name)?.words ?? [])).map(String);
  }
}

/** Points without a value come last, whatever the direction; equal ones stay in order. */
function sorted(points, key, descending) {
  const sign = descending ? -1 : 1;
  return points.sort((a, b) => {
    const [left, right] = [key[a], key[b]];
    if (left === right) return a - b;
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) - Number.isNaN(right) || a - b;
    return sign * (left - right);
  });
}
