// How wide text is where there is no browser to ask.

// Widths of characters in units of the font's size, of a sans-serif a little wider than Helvetica: too much room beats too little.
const WIDTHS = [
  [/[ijlI.,:;'|!]/, 0.28],
  [/[ ftr()[\]/-]/, 0.35],
  [/[mwMW%]/, 0.92],
  [/[0-9]/, 0.64],
  [/[A-HJ-LN-VX-Z=+−±<>]/, 0.7],
];
const OTHERS = 0.58;

/** Width of a text in pixels, as Vega asks for it. */
export function textWidth({ fontSize = 11, limit = 0 }, text) {
  const widths = [...String(text ?? "")].map((letter) => WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHERS);
  const width = fontSize * widths.reduce((sum, one) => sum + one, 0);
  return limit > 0 ? Math.min(limit, width) : width;
}
