import { isBuffer } from '../../../weights';
import type { Descent } from '../../engine';
import type { Carried } from '../descend';
import type { Layout } from '../layout';
import { numbersIn } from '../memory';
import { runOnAll, threadCount } from '../pool';
import type { ImagePlan } from './plan';
import { placePlan, roomIn } from './room';
import { packImages, unpackBeside, unpackPoint, unpackWeights } from './weights';

/** Keeps dropout's draws apart from the loader's shuffles, as the reference engine does. */
const DROPOUT_STREAM = 2;

export function imageLayoutOf(plan: ImagePlan): Layout {
  const { size, whole, tensors } = plan;
  return {
    size,
    whole,
    names: tensors.map(({ name }) => name).filter((name) => !isBuffer(name)),
    pack: (stateDict, address) => packImages(plan, stateDict, address),
    unpack: (address) => unpackWeights(plan, address),
  };
}

/** A pass by all threads together, an image block of each batch each. */
export function imagesCarried(plan: ImagePlan, { family, loader }: Descent): Carried {
  const { shuffle = 0, epoch } = loader;
  return {
    start(own, pass) {
      const batch = Math.min(pass.batchSize, pass.samples);
      const { address, bytes, masks } = placePlan(own, plan, batch);
      return runOnAll({
        kind: 'imageEpoch',
        ...pass,
        threads: threadCount(),
        meeting: numbersIn(own, [0, 0, 0, 0]),
        network: address,
        room: roomIn(own, bytes),
        seed: [shuffle, epoch, DROPOUT_STREAM],
        masks,
      });
    },
    after: (address, before, steps) =>
      family ? unpackBeside(plan, address, before) : unpackPoint(plan, address, before, steps),
  };
}
