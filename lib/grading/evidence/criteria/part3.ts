import { checkMeasures, checkMinima, checkNetworks, checkStatistics } from '../../../checks';
import { asPoint } from '../../../checks/points';
import { ClassifierFC } from '../../../nn';
import { bars } from './bars';
import { judgeBend } from './bend';
import { pairs, withBatchNorm } from './claims';
import type { Criterion } from './criterion';
import { fewMnist } from './digits';
import { asNetworks } from './networks';

const network = { network: 'network' };
const ends = { w1: 'w1', w2: 'w2' };

/** The net of Parts 1 and 2, which those of Part 3.1 are compared with. */
const baseline = ClassifierFC({
  inputShape: [1, 28, 28],
  outputSize: 10,
  hiddenDim: 64,
  numHidden: 1,
  nonlinearity: 'relu',
});

/** Other architectures, and a VGG with BatchNorm. */
export const part3: readonly Criterion[] = [
  {
    id: 'task-3-1-networks-check',
    claims: {},
    functions: ['networksToCompare'],
    judge: ({ functions }) =>
      checkNetworks(baseline, () => asNetworks(functions.networksToCompare())),
  },
  {
    id: 'task-3-1-measure-check',
    claims: {},
    functions: ['measurePair'],
    judge: ({ functions, seed }) => checkMeasures(functions.measurePair, seed),
  },
  {
    id: 'task-3-2-minima-check',
    claims: { ...network, inits: 'stateDictsAtInits', minima: 'minima' },
    functions: [],
    judge: async ({ claims, small }) => {
      return await checkMinima({
        task: '3.2',
        network: withBatchNorm(claims.network),
        ...pairs(claims),
        train: (await fewMnist(small)).train,
        ...bars['task-3-2-minima-check'](small),
      });
    },
  },
  {
    id: 'task-3-2-statistics-check',
    claims: { ...network, ...ends },
    functions: ['evaluateOnPath'],
    judge: async ({ claims, functions, seed, small }) => {
      const net = withBatchNorm(claims.network);
      const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
      const datasets = await fewMnist(small);
      return await checkStatistics(net, datasets, w1, w2, functions.evaluateOnPath, seed);
    },
  },
  {
    id: 'task-3-2-bend-check',
    claims: { ...network, ...ends, theta: 'stateDictAtTheta' },
    functions: [],
    judge: judgeBend('3.2', withBatchNorm, fewMnist, bars['task-3-2-bend-check']),
  },
];
