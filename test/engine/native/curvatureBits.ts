import { createHash } from 'node:crypto';
import { curvatureAt } from '../../../lib/curvature';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { ClassifierFC, initialize } from '../../../lib/nn';
import { generator, normal } from '../../../lib/random';
import { toyDataset } from '../../toy';

/**
 * Prints a gradient and products with the Hessian and the Gauss–Newton matrix, to the bit, for
 * whatever LAB_THREADS says. 5000 samples are 20 blocks, which 16 parts do not share evenly.
 */
async function main(): Promise<void> {
  await useBackend();
  const shape = { inputShape: [1, 4, 4], outputSize: 10, nonlinearity: 'tanh' } as const;
  const network = ClassifierFC({ ...shape, hiddenDim: 13, numHidden: 2 });
  const options = { engine: nativeEngine };
  const at = await curvatureAt(network, initialize(network, 1), toyDataset(5000, 3), options);
  const random = generator(2);
  const v = at.gradient.map(() => normal(random));
  const seen = [at.gradient, await at.hessian(v), await at.gaussNewton(v)];
  const hash = createHash('sha256');
  for (const vector of seen) hash.update(vector);
  console.log(hash.digest('hex'), at.loss, ...seen.map((vector) => Math.hypot(...vector)));
}

void main();
