// The data of the report, as they stand in the page: elements for each key (docs/report-format.md).

/**
 * The object of all keys. A key is read when it is first asked for: the profiles of a large report need not be read before its
 * phase diagram is drawn, nor what leaves a format before a row is opened.
 */
export function pageData() {
  const pieces = new Map();
  for (const { dataset, textContent } of document.querySelectorAll("script[data-key]")) {
    pieces.set(dataset.key, [...(pieces.get(dataset.key) ?? []), textContent]);
  }
  const data = {};
  for (const [key, texts] of pieces) {
    Object.defineProperty(data, key, { configurable: true, enumerable: true, get: () => keep(data, key, JSON.parse(texts.join(""))) });
  }
  return data;
}

function keep(data, key, value) {
  Object.defineProperty(data, key, { value, enumerable: true });
  return value;
}
