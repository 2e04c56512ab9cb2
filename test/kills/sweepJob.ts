import { join } from 'node:path';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { Adam, SGD } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { sideBySide, train } from '../../lib/training';
import { fingerprint } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';
import { dieAt } from './dieAt';

/**
 * `sweepJob.ts FOLDER KILL_AT [write]`: a sweep of two trainings, a bend between them and its plane, each
 * kept in the folder; prints what came out and how often files were touched and written.
 */

const [folder = '', killAt = '0', only] = process.argv.slice(2);
const counted = dieAt(Number(killAt), only as 'write' | undefined);

async function job(): Promise<void> {
  await useBackend('wasm');
  const dataset = toyDataset(60, 1);
  const loader = () => dataLoader(dataset, { batchSize: 16, shuffle: 5 });
  const file = (name: string) => join(folder, name);
  const training = (seed: number) => async () => {
    const model = { network: toyNetwork, weights: initialize(toyNetwork, seed) };
    const optimizer = SGD({ learningRate: 0.3, momentum: 0.9 });
    const checkpoint = file(`minimum-${seed}.safetensors`);
    const history = await train(model, { loader: loader(), optimizer, epochs: 5, checkpoint });
    return { weights: model.weights, history };
  };
  const [one, two] = await sideBySide([training(1), training(2)], { atOnce: 2 });
  const [w1, w2] = [one!.weights, two!.weights];
  const optimizer = Adam({ learningRate: 0.01 });
  const bend = await fitBend(toyNetwork, w1, w2, {
    loader: loader(),
    optimizer,
    epochs: 4,
    seed: 3,
    checkpoint: file('bend.safetensors'),
  });
  const plane = orthogonalBasis(w1, w2, bend.theta);
  const rectangle = { aRange: [-0.2, 1.2], bRange: [-0.2, 1.2], nx: 5, ny: 9 } as const;
  const grid = await evaluateGrid(
    toyNetwork,
    plane,
    rectangle,
    { train: dataset },
    { file: file('plane.json') },
  );
  const weights = fingerprint(w1, w2, bend.theta);
  console.log(
    JSON.stringify({
      result: [weights, one!.history, two!.history, bend.history, grid],
      ...counted,
    }),
  );
}

job();
