import { existsSync, readdirSync } from 'node:fs';
import { dataLoader, loadMnist } from '../data';
import { estimateTraining } from '../engine';
import { ClassifierFC } from '../nn';
import type { Lab, LabSize } from '../notebook/lab';

/** Something that takes long and is not computed yet. */
export interface LongStage {
  readonly task: string;
  readonly what: string;
  /** About how many, on this machine. */
  readonly seconds: number;
}

/** A stage of the workbook: which files it leaves, and what it costs. */
interface Stage {
  readonly task: string;
  readonly what: string;
  readonly files: RegExp;
  /** How many files. */
  readonly count: Readonly<Record<LabSize, number>>;
  /** Its time in epochs of Part 1's network over all 60 000 images. */
  readonly epochs: Readonly<Record<LabSize, number>>;
}

const alike = (count: number) => ({ full: count, small: count });

/**
 * Reckoned in epochs, not measured by stage: trainings and bends by the epochs and images of the
 * notebooks' settings, and some more for what is around them; of Part 3 at full size the minutes of
 * docs/results.md, divided by the 0.176 s of an epoch on the same machine (`npm run bench`, row `epoch`);
 * of Part 4.1 525 products of 0.8 epochs each (docs/curvature.md), and the rest beside these as the
 * bars of its solution tell; of Part 4 at the small size the bars of a run, on a busy machine.
 */
const STAGES: readonly Stage[] = [
  {
    ...{ task: '1.1', what: 'two trainings', count: alike(2) },
    files: /^minimum-[12]\.safetensors$/,
    epochs: { full: 110, small: 5 },
  },
  {
    ...{ task: '1.2', what: 'four lines', count: alike(8) },
    files: /^(lines|barriers)-[1-4]\.json$/,
    epochs: { full: 15, small: 2 },
  },
  {
    ...{ task: '2.2', what: 'the bend', count: alike(1) },
    files: /^theta\.safetensors$/,
    epochs: { full: 110, small: 4 },
  },
  {
    ...{ task: '2.4', what: 'the plane', count: alike(1) },
    files: /^plane-figures\.json$/,
    epochs: { full: 35, small: 1 },
  },
  {
    ...{ task: '3.1', what: 'seven networks', count: alike(42) },
    files: /^sweep-.*-(seed|bend)-.*\.safetensors$/,
    epochs: { full: 9200, small: 100 },
  },
  {
    ...{ task: '3.2', what: 'two trainings and a bend', count: alike(3) },
    files: /^vgg-(minimum-.*|theta)\.safetensors$/,
    epochs: { full: 4800, small: 50 },
  },
  {
    ...{ task: '4.1', what: 'spectra of five points', count: alike(10) },
    files: /^spectrum-.*-(ends|density)\.json$/,
    epochs: { full: 420, small: 90 },
  },
  {
    ...{ task: '4.1', what: 'curvature along four paths', count: alike(4) },
    files: /^curvature-path-\d\.json$/,
    epochs: { full: 150, small: 60 },
  },
  {
    ...{ task: '4.1', what: 'searches for critical points', count: { full: 7, small: 3 } },
    files: /^critical-points-\d\.json$/,
    epochs: { full: 320, small: 5 },
  },
  {
    ...{ task: '4.2', what: 'eight bends', count: alike(8) },
    files: /^connected-(chain|bezier)-\d\.safetensors$/,
    epochs: { full: 220, small: 7 },
  },
  {
    ...{ task: '4.2', what: 'nets of other shapes', count: { full: 14, small: 8 } },
    files: /^connected-\dx\d+-seed-\d\.safetensors$/,
    epochs: { full: 420, small: 8 },
  },
  {
    ...{ task: '4.2', what: 'forks', count: { full: 6, small: 4 } },
    files: /^connected-forks-.*\.json$/,
    epochs: { full: 1000, small: 32 },
  },
  {
    ...{ task: '4.2', what: 'many minima, by pairs', count: { full: 45, small: 6 } },
    files: /^connected-couple-\d-\d\.json$/,
    epochs: { full: 500, small: 4 },
  },
];

/** What the lab's folder does not hold yet, with about how long it takes on this machine. */
export async function timeLeft(lab: Pick<Lab, 'folder' | 'size'>): Promise<LongStage[]> {
  const files = existsSync(lab.folder) ? readdirSync(lab.folder) : [];
  const open = STAGES.map(({ task, what, files: ofStage, count, epochs }) => {
    const done = files.filter((name) => ofStage.test(name)).length;
    return { task, what, epochs: Math.max(0, 1 - done / count[lab.size]) * epochs[lab.size] };
  }).filter(({ epochs }) => epochs > 0);
  if (open.length === 0) return [];
  const epoch = await secondsOfAnEpoch();
  return open.map(({ task, what, epochs }) => ({ task, what, seconds: epochs * epoch }));
}

async function secondsOfAnEpoch(): Promise<number> {
  const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
  const { train } = await loadMnist();
  return (await estimateTraining(network, dataLoader(train, { batchSize: 128 }), 1)).seconds;
}
