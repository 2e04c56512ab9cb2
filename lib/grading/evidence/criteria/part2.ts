import { checkBasis, checkBendGradient, checkChain, checkPlane } from '../../../checks';
import { asPoint } from '../../../checks/points';
import { initialize } from '../../../nn';
import { disposeStateDict, linearCombination } from '../../../weights';
import { bars } from './bars';
import { judgeBend } from './bend';
import { ofMnist, withoutBatchNorm } from './claims';
import type { Criterion } from './criterion';
import { someBatch, someMnist } from './digits';

const network = { network: 'network' };
const ends = { w1: 'w1', w2: 'w2' };

/** The chain with one bend, and its plane. */
export const part2: readonly Criterion[] = [
  {
    id: 'task-2-1-check',
    claims: {},
    functions: ['getStateDictFromChain'],
    judge: ({ functions, seed }) => checkChain(functions.getStateDictFromChain, seed),
  },
  {
    id: 'task-2-2-gradient-check',
    claims: { ...network, ...ends },
    functions: ['gradientAtTheta'],
    buildsOn: 'getStateDictFromChain',
    judge: async ({ claims, functions, seed, small }) => {
      const net = ofMnist(claims.network);
      const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
      const batch = someBatch(await someMnist(small), seed);
      // Near the midpoint, where the notebook begins, and nowhere that it knows.
      const away = initialize(net, seed);
      const theta = linearCombination([0.5, 0.5, 0.2], [w1, w2, away]);
      const chain = { network: net, w1, w2 };
      try {
        return await checkBendGradient(chain, functions.gradientAtTheta, theta, batch, seed + 1);
      } finally {
        disposeStateDict(away, theta, { x: batch.x, y: batch.y });
      }
    },
  },
  {
    id: 'task-2-2-check',
    claims: { ...network, ...ends, theta: 'stateDictAtTheta' },
    functions: [],
    judge: judgeBend('2.2', withoutBatchNorm, someMnist, bars['task-2-2-check']),
  },
  {
    id: 'task-2-3-check',
    claims: {},
    functions: ['orthogonalDirections'],
    judge: ({ functions, seed }) => checkBasis(functions.orthogonalDirections, seed),
  },
  {
    id: 'task-2-4-check',
    claims: network,
    functions: ['evaluateOnPlane'],
    judge: async ({ claims, functions, seed, small }) =>
      await checkPlane(
        ofMnist(claims.network),
        await someMnist(small),
        functions.evaluateOnPlane,
        seed,
      ),
  },
];
