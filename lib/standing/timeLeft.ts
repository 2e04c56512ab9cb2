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
  readonly count: number;
  /** Its time in epochs of Part 1's network over all 60 000 images. */
  readonly epochs: Readonly<Record<LabSize, number>>;
}

/**
 * Reckoned in epochs, not measured by stage: trainings and bends by the epochs and images of the
 * notebooks' settings, and some more for what is around them; of Part 3 at full size the minutes of
 * docs/results.md, divided by the 0.176 s of an epoch on the same machine (`npm run bench`, row `epoch`).
 */
const STAGES: readonly Stage[] = [
  {
    ...{ task: '1.1', what: 'two trainings', count: 2 },
    files: /^minimum-[12]\.safetensors$/,
    epochs: { full: 110, small: 5 },
  },
  {
    ...{ task: '1.2', what: 'four lines', count: 8 },
    files: /^(lines|barriers)-[1-4]\.json$/,
    epochs: { full: 15, small: 2 },
  },
  {
    ...{ task: '2.2', what: 'the bend', count: 1 },
    files: /^theta\.safetensors$/,
    epochs: { full: 110, small: 4 },
  },
  {
    ...{ task: '2.4', what: 'the plane', count: 1 },
    files: /^plane-figures\.json$/,
    epochs: { full: 35, small: 1 },
  },
  {
    ...{ task: '3.1', what: 'seven networks', count: 42 },
    files: /^sweep-.*-(seed|bend)-.*\.safetensors$/,
    epochs: { full: 9200, small: 100 },
  },
  {
    ...{ task: '3.2', what: 'two trainings and a bend', count: 3 },
    files: /^vgg-(minimum-.*|theta)\.safetensors$/,
    epochs: { full: 4800, small: 50 },
  },
];

/** What the lab's folder does not hold yet, with about how long it takes on this machine. */
export async function timeLeft(lab: Pick<Lab, 'folder' | 'size'>): Promise<LongStage[]> {
  const files = existsSync(lab.folder) ? readdirSync(lab.folder) : [];
  const open = STAGES.map(({ task, what, files: ofStage, count, epochs }) => {
    const done = files.filter((name) => ofStage.test(name)).length;
    return { task, what, epochs: Math.max(0, 1 - done / count) * epochs[lab.size] };
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
