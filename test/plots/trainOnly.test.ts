import assert from 'node:assert/strict';
import { pathPlot, planePlot, renderSvg } from '../../lib/plots';
import { pathFrame } from '../../lib/tables';
import { gridOf, hump, lengths } from './samples';

describe('figures without a test set', () => {
  const { testLoss: _loss, testAcc: _accuracy, ...onTrain } = hump;
  const whole = gridOf([0, 1, 2], [0, 1], (a, b) => 1 + a + 2 * b);
  const { testLoss: _testLoss, testAcc: _testAcc, ...trainGrid } = whole;

  it('make a plot and a frame of train alone', async () => {
    const sets = (plot: object) => new Set(JSON.stringify(plot).match(/"set":"\w+"/g));
    assert.deepEqual([...sets(pathPlot({ line: onTrain }))], ['"set":"train"']);
    assert.equal(sets(pathPlot({ line: hump })).size, 2);
    assert.deepEqual(pathFrame(onTrain).columns, ['t', 'trainLoss', 'trainAcc']);
    assert.ok((await renderSvg(pathPlot({ line: onTrain }))).startsWith('<svg'));
  });

  it('make a plane of what there is, and nothing else', async () => {
    const draw = (quantity: 'trainAcc' | 'testLoss') =>
      planePlot(trainGrid, { points: [], lengths, quantity });
    const svg = await renderSvg(draw('trainAcc'));
    assert.ok(svg.startsWith('<svg'));
    assert.ok(!JSON.stringify(draw('trainAcc')).includes('test'), 'the pointer is told of train');
    assert.throws(() => draw('testLoss'), {
      name: 'InputError',
      message: /^planePlot: the grid has no testLoss, only trainLoss, trainAcc; name one of them$/,
    });
  });
});
