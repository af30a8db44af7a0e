// Numbers as a person reads them.

const MINUS = "−";

/** 4 significant digits: "0.001235", "−12.35", "1.235e−7"; "" for null. */
export function numberText(x) {
  if (x === null || x === undefined || Number.isNaN(x)) return "";
  const size = Math.abs(x);
  const text = size !== 0 && (size < 1e-4 || size >= 1e7) ? scientific(x) : String(Number(x.toPrecision(4)));
  return text.replaceAll("-", MINUS);
}

function scientific(x) {
  const [digits, exponent] = x.toExponential(3).split("e");
  return `${Number(digits)}e${Number(exponent)}`;
}

/** A coordinate as it was given: "tanh", "0.05", "1024". */
export function coordinateText(value) {
  return String(value).replace(/^-(?=\d)/, MINUS);
}

/** A count with its noun: "1 point", "1,296 points". */
export function countText(count, noun, plural = noun + "s") {
  return `${wholeText(count)} ${count === 1 ? noun : plural}`;
}

/** "12,960". The browser's own toLocaleString takes a tenth of a second when it is first called. */
export function wholeText(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
