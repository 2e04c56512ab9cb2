import { checkInterpolation, checkLines, checkMinima } from '../../../checks';
import { bars } from './bars';
import { ofMnist, pairs } from './claims';
import type { Criterion } from './criterion';
import { someMnist } from './digits';
import { requireTwoNets } from './twoNets';

/** Two minima, and the lines between them. */
export const part1: readonly Criterion[] = [
  {
    id: 'task-1-1-check',
    claims: { network: 'network', inits: 'stateDictsAtInits', minima: 'stateDictsAtMinima' },
    functions: [],
    tries: ['trainOnce'],
    judge: async ({ claims, functions, small }) => {
      const network = ofMnist(claims.network);
      const { inits, minima } = pairs(claims);
      const { train, test } = await someMnist(small);
      await requireTwoNets(network, minima, test);
      return await checkMinima({
        task: '1.1',
        network,
        inits,
        minima,
        train,
        test,
        ...(functions.trainOnce && { trainOnce: functions.trainOnce }),
        ...bars['task-1-1-check'](),
      });
    },
  },
  {
    id: 'task-1-2-interpolate-check',
    claims: {},
    functions: ['interpolateBetweenStateDicts'],
    judge: ({ functions, seed }) =>
      checkInterpolation(functions.interpolateBetweenStateDicts, seed),
  },
  {
    id: 'task-1-2-lines-check',
    claims: { network: 'network' },
    functions: ['endsOfModes', 'evaluateOnLine'],
    buildsOn: 'interpolateBetweenStateDicts',
    judge: async ({ claims, functions, seed, small }) =>
      await checkLines(
        ofMnist(claims.network),
        await someMnist(small),
        functions.endsOfModes,
        functions.evaluateOnLine,
        seed,
      ),
  },
];
