// Symbols with an index, such as σ_w² and ξ_q, as they are printed: charts have plain text, in which an index follows a "_".
const SYMBOL = /([\p{L}])_([\p{L}\d*])/gu;
const SUBSCRIPT = { dy: "0.3em", "font-size": "70%" };
const BACK = { dy: "-0.21em", "xml:space": "preserve" }; // 0.3 of 70 %; librsvg drops a space at the start of a span

/** The pieces of a text: {text, attributes}. */
function pieces(text) {
  const made = [];
  let end = 0;
  for (const { 0: whole, 1: letter, 2: index, index: at } of text.matchAll(SYMBOL)) {
    made.push({ text: text.slice(end, at) + letter, attributes: end ? BACK : {} }, { text: index, attributes: SUBSCRIPT });
    end = at + whole.length;
  }
  if (made.length && end < text.length) made.push({ text: text.slice(end), attributes: BACK });
  return made;
}

/** An SVG's text with indices set lower. Its text is escaped already. */
export function withSymbols(svg) {
  return svg.replace(/>([^<]*_[^<]*)</g, (whole, text) => {
    const spans = pieces(text).map(({ text: piece, attributes }) => {
      const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
      return `<tspan${written.join("")}>${piece}</tspan>`;
    });
    return spans.length ? `>${spans.join("")}<` : whole;
  });
}

// In the page's own text a single letter before the "_": a word such as weight_variance is none.
const SINGLE = /(?<![\p{L}\d_])(\p{L})_([\p{L}\d*])(?![\p{L}\d_])/gu;

/** A text as nodes of the page, indices set lower. */
export function withSubscripts(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: whole, 1: letter, 2: index, index: at } of text.matchAll(SINGLE)) {
    const lower = document.createElement("sub");
    lower.textContent = index;
    nodes.push(text.slice(end, at) + letter, lower);
    end = at + whole.length;
  }
  return [...nodes, text.slice(end)].filter((node) => node !== "");
}

/** The same in the document. */
export function setSymbols(host) {
  for (const node of host.querySelectorAll("svg text, svg text tspan")) {
    if (node.childElementCount) continue;
    const spans = pieces(node.textContent).map(({ text, attributes }) => {
      const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
      for (const [name, value] of Object.entries(attributes)) span.setAttribute(name, value);
      span.textContent = text;
      return span;
    });
    if (spans.length) node.replaceChildren(...spans);
  }
}
