// Rows of the profile and of the histogram of one point.

/** Where the profile of `point` stands: {place, point} of it or, where it was thinned out, of the nearest that is there; null where none is. */
export function nearestProfile(results, point) {
  const points = results.data.profiles?.points ?? [];
  if (points.length === 0) return null;
  const wanted = results.places(point);
  const weights = results.axes.map((axis) => (typeof axis.values[0] === "string" ? 1e6 : 1 / axis.values.length));
  let best = 0;
  let least = Infinity;
  for (const [place, candidate] of points.entries()) {
    let away = 0;
    for (let i = 0; i < wanted.length; ++i) away += ((results.placeAlong(i, candidate) - wanted[i]) * weights[i]) ** 2;
    if (away < least) [best, least] = [place, away];
  }
  return { place: best, point: points[best] };
}

/** A row for each recorded layer of the point at `place`; none for what was not measured. */
export function profileRows(profiles, place, quantity) {
  const series = profiles[quantity];
  const mean = series?.mean?.[place];
  if (!mean) return [];
  const at = (name, i) => series[name]?.[place]?.[i] ?? null;
  return mean
    .map((value, i) => ({
      quantity,
      layer: profiles.layers[i],
      mean: value,
      low: at("low", i),
      high: at("high", i),
      sd_low: spread(value, at("sd", i), -1),
      sd_high: spread(value, at("sd", i), 1),
      theory: at("theory", i),
      theory_n: at("theory_n", i),
    }))
    .filter((row) => row.mean !== null || row.theory !== null || row.theory_n !== null);
}

function spread(mean, sd, sign) {
  return mean === null || sd === null ? null : mean + sign * sd;
}

/** The exact law over that histogram, as networks a bin. */
export function exactLawRows(profiles, place, name) {
  const { low, high, exact = [] } = profiles.histograms?.[name]?.[place] ?? {};
  return exact.map((networks, i) => ({ quantity: name, x: low + ((high - low) * i) / (exact.length - 1), networks }));
}

/**
 * The path of the networks at `place` through the map of q or of c, as a line between the map and its diagonal: up from the layer below
 * to the layer, and over to the diagonal. Measured where both layers were recorded, with a mark on the map.
 */
export function pathRows(profiles, place, map) {
  const values = layerValues(profiles, place, map);
  const rows = [];
  for (let i = 0; i + 1 < values.length; ++i) {
    const [from, to] = [values[i], values[i + 1]];
    if (from === null || to === null || profiles.layers[i + 1] !== profiles.layers[i] + 1) break;
    const row = (x, y, measured) => rows.push({ map, x, y, measured, order: rows.length });
    row(from, from, false);
    row(from, to, true);
    row(to, to, false);
  }
  return rows;
}

/** What a map turns layer by layer: exp of the mean of ln q, or the mean of c. */
function layerValues(profiles, place, map) {
  const mean = profiles[map === "q" ? "forward" : "correlation"]?.mean?.[place] ?? [];
  return map === "q" ? mean.map((x) => (x === null ? null : Math.exp(x))) : mean;
}

/** A row for each bin of the point at `place`. */
export function histogramRows(profiles, place, name) {
  const histogram = profiles.histograms?.[name]?.[place];
  if (!histogram) return [];
  const { low, high, counts, mean } = histogram;
  const width = (high - low) / counts.length;
  return counts.map((count, i) => ({
    quantity: name,
    low: low + i * width,
    high: i + 1 === counts.length ? high : low + (i + 1) * width,
    count,
    mean,
  }));
}
