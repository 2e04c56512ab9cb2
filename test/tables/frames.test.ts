import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import { historyFrame, pathFrame, summaryFrame } from '../../lib/tables';

describe('frames', () => {
  it('a history has a row for each epoch and NaN where test was not measured', () => {
    const first = { epoch: 1, learningRate: 0.1, trainLoss: 2, trainAcc: 0.5 };
    const second = { ...first, epoch: 2, testLoss: 1, testAcc: 0.75 };
    const frame = historyFrame([first, second]);
    const columns = ['epoch', 'learningRate', 'trainLoss', 'trainAcc', 'testLoss', 'testAcc'];
    assert.deepEqual(frame.columns, columns);
    assert.deepEqual(frame.values, [
      [1, 0.1, 2, 0.5, Number.NaN, Number.NaN],
      [2, 0.1, 2, 0.5, 1, 0.75],
    ]);
  });

  it('a path has a row for each t', () => {
    const frame = pathFrame({
      ts: [0, 1],
      trainLoss: [1, 2],
      trainAcc: [3, 4],
      testLoss: [5, 6],
      testAcc: [7, 8],
    });
    assert.deepEqual(frame.columns, ['t', 'trainLoss', 'trainAcc', 'testLoss', 'testAcc']);
    assert.deepEqual(frame.values, [
      [0, 1, 3, 5, 7],
      [1, 2, 4, 6, 8],
    ]);
  });

  it('a path has columns for metrics and penalty', () => {
    const frame = pathFrame({
      ts: [0, 1],
      trainLoss: [1, 2],
      trainAcc: [3, 4],
      trainMetrics: { nats: [5, 6] },
      penalty: [7, 8],
    });
    assert.deepEqual(frame.columns, ['t', 'trainLoss', 'trainAcc', 'train nats', 'penalty']);
    assert.deepEqual(frame.values, [
      [0, 1, 3, 5, 7],
      [1, 2, 4, 6, 8],
    ]);
  });

  it('a summary has a row for each name and every column that any row has', () => {
    const frame = summaryFrame<object>({ line: { peak: 1.5 }, chain: { peak: 0.01, mean: 0.005 } });
    assert.deepEqual(frame.columns, ['name', 'peak', 'mean']);
    assert.deepEqual(frame.values, [
      ['line', 1.5, Number.NaN],
      ['chain', 0.01, 0.005],
    ]);
  });

  it('refuse to be empty', () => {
    const none = { ts: [], trainLoss: [], trainAcc: [], testLoss: [], testAcc: [] };
    assert.throws(() => historyFrame([]), InputError);
    assert.throws(() => pathFrame(none), InputError);
    assert.throws(() => summaryFrame({}), InputError);
  });
});
