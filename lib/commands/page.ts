import { dirname, join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { readOptions, runCommand } from '../command';
import { loadMnist } from '../data';
import { useBackend } from '../engine';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { ClassifierFC } from '../nn';
import { pageOf } from '../page';
import { shortPath } from '../root';
import { loadStateDict, type StateDict } from '../weights';

/** Train images that the page takes along: as many as a descent of some hundred steps wants. */
const MOST_TRAIN = 4000;
const MOST_BYTES = 6e6;

/**
 * `npm run page`: one HTML file, which opens from disk without a network and shows the plane through
 * the minima and the bend of a run, to be touched.
 */
async function page(): Promise<number> {
  const options = readOptions('page', {
    out: { type: 'string', default: 'page.html' },
    results: { type: 'string', default: 'results' },
  });
  const [folder, out] = [resolve(options.results), resolve(options.out)];
  requireRoom(dirname(out), MOST_BYTES);
  await ensureBuild();
  // Where nobody chooses one, tfjs recommends its native package at the first tensor.
  await useBackend();
  const [w1, w2, theta] = ['minimum-1', 'minimum-2', 'theta'].map(
    (name) => loadStateDict(join(folder, `${name}.safetensors`)).stateDict,
  ) as [StateDict, StateDict, StateDict];
  const html = pageOf(networkOf(w1), { w1, w2, theta }, await loadMnist(), MOST_TRAIN);
  writeAtomically(out, html);
  console.log(`${shortPath(out)}: ${(html.length / 1e6).toFixed(1)} MB; open it in a browser`);
  return 0;
}

/** The lab's network of Parts 1 and 2, as wide as the weights say. */
function networkOf(weights: StateDict) {
  const hiddenDim = weights['layers.1.weight']?.shape[0];
  if (hiddenDim === undefined) {
    throw new InputError(
      `page: expected minima of Part 1's network, with layers.1.weight, got ` +
        `${Object.keys(weights).join(', ')}; name the folder of a run by --results`,
    );
  }
  const inputShape = [1, 28, 28];
  const shape = { inputShape, outputSize: 10, hiddenDim, numHidden: 1 } as const;
  return ClassifierFC({ ...shape, nonlinearity: 'relu' });
}

runCommand(page);
