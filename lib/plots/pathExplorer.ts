import type { Dataset } from '../data';
import { InputError } from '../errors';
import { colourChannel, legendName } from './colours';
import { digitsPanel, type ExploredPath, lossPanel, wordsPanel } from './explorerPanels';
import { directionsOf } from './names';
import { rounded } from './numbers';
import { type PlotOptions, type PlotSpec, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

/** Digits that are shown at the most. */
const MOST_DIGITS = 12;

/**
 * A slider along t: a mark moves on the loss of each path, its loss and accuracy are told, and
 * below stand the digits of `dataset` whose label changes most often on any path, with the label
 * that each path gives them there; a wrong one is crossed out in red. Where no scripts run it is
 * the picture at the middle.
 *
 * The ts are evenly spaced, as `linspace` gives them.
 *
 * @param paths by their names, what was measured on them
 * @throws InputError when paths differ in their ts, or in numbers of labels from `dataset`
 * @example
 * ```ts
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * const labels = await labelsAlong(network, line(w1, w2), figures.ts, small);
 * await display(pathExplorer({ linear_combination_of_two_minima: { figures, labels } }, small));
 * ```
 */
export function pathExplorer(
  paths: Readonly<Record<string, ExploredPath>>,
  dataset: Dataset,
  { title = 'Along the paths', description }: PlotOptions = {},
): PlotSpec {
  const names = Object.keys(paths);
  const all = Object.values(paths);
  const ts = all[0]?.figures.ts ?? [];
  requirePaths(all, ts, dataset.length);
  const chosen = mostChanging(all, dataset.length);
  const { notes } = directionsOf(
    Object.fromEntries(names.map((name, k) => [name, all[k]!.figures])),
  );
  const step = ts.length > 1 ? (ts.at(-1)! - ts[0]!) / (ts.length - 1) : 1;
  const slider = sliderAlong(ts, step);
  // The point nearest to where the slider stands.
  const index = (t: string) => `min(${ts.length - 1}, round((${t} - ${ts[0]}) / ${step}))`;
  const here = { filter: `${index('datum.t')} == ${index('t')}` };
  const colour = colourChannel('path', 'path', names);
  return {
    $schema: VEGA_LITE,
    description:
      description ??
      `${title}: a slider moves along t; ${chosen.length} digits with the label that each of ` +
        `${names.map(legendName).join(' and ')} gives them there.`,
    title: { text: title, ...(notes.length > 0 && { subtitle: notes }) },
    params: [{ name: 't', ...slider }],
    vconcat: [
      lossPanel(names, all, here, colour),
      wordsPanel(names, all, here, colour),
      digitsPanel(names, all, chosen, dataset, here),
    ],
    config: VEGA_LITE_CONFIG,
  };
}

/**
 * A slider whose every stop is a short number, as it is told beside it: its step is the largest of
 * 1, 2 and 5 times a power of ten that leaves out no t.
 */
function sliderAlong(ts: readonly number[], step: number) {
  const [first, last] = [ts[0]!, ts.at(-1)!];
  const power = Math.floor(Math.log10(step * (1 + 1e-9)));
  const steps = [1, 2, 5].map((digit) => Number(`${digit}e${power}`));
  const short = steps.filter((one) => one <= step * (1 + 1e-9)).at(-1)!;
  const stop = (t: number, round: (x: number) => number) =>
    rounded(first + round((t - first) / short) * short);
  return {
    value: stop(ts[Math.floor(ts.length / 2)]!, Math.round),
    bind: {
      input: 'range',
      min: first,
      max: stop(last, (x) => Math.ceil(x - 1e-6)),
      step: short,
      name: 't ',
    },
  };
}

/** The samples whose label changes most often, of those that change at all, in their order. */
function mostChanging(paths: readonly ExploredPath[], samples: number): number[] {
  const changes = Array.from({ length: samples }, (_, s) =>
    paths.reduce(
      (sum, { labels }) =>
        sum + labels.filter((at, i) => i > 0 && at[s] !== labels[i - 1]![s]).length,
      0,
    ),
  );
  return changes
    .map((count, sample) => ({ count, sample }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_DIGITS)
    .map(({ sample }) => sample)
    .sort((a, b) => a - b);
}

function requirePaths(paths: readonly ExploredPath[], ts: readonly number[], samples: number) {
  if (ts.length === 0) throw new InputError('pathExplorer: no t; give at least one path');
  for (const { figures, labels } of paths) {
    const counts = labels.map((at) => at.length);
    const other = ts.findIndex((t, i) => figures.ts[i] !== t);
    if (other >= 0 || figures.ts.length !== ts.length) {
      throw new InputError(
        `pathExplorer: every path needs figures at the same ts, got ${figures.ts.length} of them ` +
          `beside ${ts.length}${other < 0 ? '' : `, with ${figures.ts[other]} beside ${ts[other]}`}`,
      );
    }
    if (counts.length !== ts.length) {
      throw new InputError(
        `pathExplorer: expected labels at each of the ${ts.length} ts, got ${counts.length} lists`,
      );
    }
    const wrong = counts.find((count) => count !== samples);
    if (wrong !== undefined) {
      throw new InputError(
        `pathExplorer: expected labels of all ${samples} samples of the dataset, got ${wrong}`,
      );
    }
  }
}
