import * as tf from '@tensorflow/tfjs';
import { cellSignal } from '../cancellation';
import { type DataLoader, type Dataset, take } from '../data';
import type { Network } from '../nn';
import type { StateDict } from '../weights';
import type { Engine } from './engine';
import { setUpBackend } from './tfjs/backend';
import { secondsToEvaluate, secondsToTrain } from './trial';

const RUNS = 8;
const TRIAL_BATCHES = 4;
const TRIAL_SAMPLES = 1024;
const TRIAL_POINTS = 8;
/** Where they are nearly as fast as each other, runs shall not differ in who computes. */
const FASTER = 0.9;

/** Two engines that can both do what is asked: the lab's own, and tfjs on what is set up. */
export interface Candidates {
  readonly own: Engine;
  readonly tfjs: Engine;
}

/**
 * Who trains a network the faster. That is the lab's own engine, unless `npm run tensorflow` or `npm
 * run gpu` has set up another which `useBackend` took by itself: then the first few batches are tried
 * on both, once for each network and size of batch. Where the other fails, for want of memory say, the
 * lab's own engine goes on.
 */
export async function fasterToTrain(
  candidates: Candidates,
  network: Network,
  loader: DataLoader,
): Promise<Engine> {
  return await faster(candidates, `a batch of ${loader.batchSize}`, network, (engine) =>
    secondsToTrain(engine, network, loader, { batches: TRIAL_BATCHES, runs: RUNS }),
  );
}

/** Who evaluates so many points the faster, as `fasterToTrain`: tried on a thousand samples. */
export async function fasterToEvaluate(
  candidates: Candidates,
  network: Network,
  anchors: readonly StateDict[],
  dataset: Dataset,
  points: number,
): Promise<Engine> {
  const few = take(dataset, Math.min(dataset.length, TRIAL_SAMPLES));
  const count = Math.min(points, TRIAL_POINTS);
  const what = `${count} point${count === 1 ? '' : 's'} on ${few.length} images`;
  return await faster(candidates, what, network, async (engine) => {
    const [seconds] = await secondsToEvaluate(engine, network, anchors, few, {
      counts: [count],
      runs: RUNS,
    });
    return seconds!;
  });
}

/** What was found for each task, network and backend. */
const found = new Map<string, Promise<Engine>>();
/** Ends with the trials so far: two at once would time each other. */
let trials: Promise<unknown> = Promise.resolve();

async function faster(
  candidates: Candidates,
  what: string,
  network: Network,
  secondsOn: (engine: Engine) => Promise<number>,
): Promise<Engine> {
  if (setUpBackend() !== 'best') return candidates.own;
  const key = JSON.stringify([tf.getBackend(), what, network]);
  const known = found.get(key);
  if (known) return await known;
  const search = trials.then(() => compare(candidates, what, secondsOn));
  trials = search.catch(() => undefined);
  found.set(key, search);
  // What was stopped, or failed on the lab's own engine, is tried again.
  search.catch(() => found.delete(key));
  return await search;
}

async function compare(
  { own, tfjs }: Candidates,
  what: string,
  secondsOn: (engine: Engine) => Promise<number>,
): Promise<Engine> {
  const ours = await secondsOn(own);
  let theirs: number;
  try {
    theirs = await secondsOn(tfjs);
  } catch (error) {
    cellSignal()?.throwIfAborted();
    console.log(
      `${what}: ${tf.getBackend()} fails here (${(error as Error).message}); the lab's own engine ` +
        'computes this network',
    );
    return own;
  }
  const isTheirs = theirs < FASTER * ours;
  const ms = (seconds: number) => `${(1000 * seconds).toPrecision(3)} ms`;
  console.log(
    `${what}: ${ms(ours)} on the lab's own engine, ${ms(theirs)} on ${tf.getBackend()}; ` +
      `${isTheirs ? tf.getBackend() : "the lab's own engine"} computes this network ` +
      '(LAB_BACKEND decides otherwise)',
  );
  return isTheirs ? tfjs : own;
}
