/** Steps within a decade, from coarse to fine, all with short names for the legend. */
const STEPS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];
const MOST_LEVELS = 14;

/**
 * Log-spaced contour levels in (low, high], about ten of them: the finest of the round 1,
 * 1–3, 1–2–5, … per decade that gives no more than fourteen; where those give fewer than six,
 * eight equal ratios. None when low ≥ high.
 *
 * @param low above 0
 */
export function logLevels(low: number, high: number): number[] {
  if (!(low < high)) return [];
  const round = STEPS.map((steps) => decades(low, high, steps)).filter(
    (levels) => levels.length <= MOST_LEVELS,
  );
  const finest = round.at(-1) ?? [];
  if (finest.length >= 6) return finest;
  const equal = Array.from({ length: 8 }, (_, k) => low * (high / low) ** ((k + 1) / 8));
  // Three digits keep the legend short; in a range narrower than that they would fall together.
  const short = equal.map((level) => Number(level.toPrecision(3)));
  return new Set(short).size === short.length && short[0]! > low && short.at(-1)! <= high
    ? short
    : equal;
}

function decades(low: number, high: number, steps: readonly number[]): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.floor(Math.log10(high))];
  const exponents = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  return exponents
    .flatMap((exponent) => steps.map((step) => Number(`${step}e${exponent}`)))
    .filter((level) => level > low && level <= high);
}

const ACCURACIES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

/** Contour levels of accuracy in (low, high], closer towards 1. */
export function accuracyLevels(low: number, high: number): number[] {
  return ACCURACIES.filter((level) => level > low && level <= high);
}

/**
 * Where the colours begin: 2 % of the values lie at or below it. The valley is a path of cells,
 * each of the minima one cell that may be a hundred times lower: levels down to those would spend
 * the dark colours on two dots.
 */
export function usualFloor(values: readonly number[]): number {
  return quantile(0.02, values);
}

/**
 * Where the colours end if nobody says: nine tenths of the values lie at or below it, so that the
 * few enormous ones at the corners do not take the colours away from the valley. Rounded up to
 * 1, 2 or 5 times a power of ten.
 */
export function usualClip(values: readonly number[]): number {
  const most = quantile(0.9, values);
  const power = Math.floor(Math.log10(most));
  const candidates = [1, 2, 5, 10].map((step) => Number(`${step}e${power}`));
  return candidates.find((candidate) => candidate >= most)!;
}

/** The least value that this part of all values does not exceed. */
function quantile(part: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1]!;
}
