import { type Engine, tfjsEngine } from '../../lib/engine';

/** tfjs' engine, and the datasets that its evaluators were asked for. */
export function tellingEngine(): { engine: Engine; asked: unknown[] } {
  const asked: unknown[] = [];
  const engine: Engine = {
    ...tfjsEngine,
    evaluator(...task) {
      asked.push(task[2]);
      return tfjsEngine.evaluator(...task);
    },
  };
  return { engine, asked };
}
