import assert from 'node:assert/strict';
import { checkPlane, type EvaluateOnPlane } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { evaluateGrid, type Grid } from '../../lib/plane';
import { toyNetwork } from '../toy';
import { hints, notHolding, onlyStubs, stub } from './checked';
import { datasets } from './toyTraining';

describe('checkPlane', () => {
  before(() => useBackend());

  const right: EvaluateOnPlane = (plane, rectangle, _options) =>
    evaluateGrid(toyNetwork, plane, rectangle, datasets);

  it('holds, and is unanswered by a stub', async () => {
    const told: boolean[] = [];
    const check = await checkPlane(toyNetwork, datasets, (plane, rectangle, options) => {
      told.push(options.onPoint !== undefined);
      return right(plane, rectangle, options);
    });
    assert.deepEqual(notHolding(check), []);
    assert.deepEqual(told, [false, true], 'one with nobody to tell of its points');
    onlyStubs(await checkPlane(toyNetwork, datasets, stub));
  });

  it('holds of rows as typed arrays; tells what are no rows', async () => {
    const as =
      (turn: (rows: number[][]) => unknown): EvaluateOnPlane =>
      async (plane, rectangle, options) => {
        const grid = await right(plane, rectangle, options);
        const turned = {
          trainLoss: turn(grid.trainLoss),
          testLoss: turn(grid.testLoss),
          trainAcc: turn(grid.trainAcc),
          testAcc: turn(grid.testAcc),
        };
        return { ...grid, as: Float32Array.from(grid.as), ...turned } as unknown as Grid;
      };
    const typed = as((rows) => rows.map((row) => Float32Array.from(row)));
    assert.deepEqual(notHolding(await checkPlane(toyNetwork, datasets, typed)), []);
    const flat = await checkPlane(
      toyNetwork,
      datasets,
      as((rows) => rows.flat()),
    );
    assert.match(hints(flat), /as a list of rows, each a list of numbers, got a list of other/);
  });

  it('tells a transposed grid, exchanged sets and another place', async () => {
    const wrong = (change: (grid: Awaited<ReturnType<EvaluateOnPlane>>) => object) =>
      checkPlane(toyNetwork, datasets, async (plane, rectangle) => {
        const grid = await right(plane, rectangle, {});
        return { ...grid, ...change(grid) };
      });
    const turn = (rows: number[][]) => rows[0]!.map((_, i) => rows.map((row) => row[i]!));
    const transposed = await wrong(({ trainLoss, testLoss }) => ({
      trainLoss: turn(trainLoss),
      testLoss: turn(testLoss),
    }));
    assert.deepEqual(notHolding(transposed), ['a row for each b, in it a number for each a']);
    assert.match(hints(transposed), /there are 3 rows of 2: which loop is the outer one\?/);
    const exchanged = await wrong(({ trainLoss, testLoss }) => ({
      trainLoss: testLoss,
      testLoss: trainLoss,
    }));
    assert.equal(hints(exchanged).trim(), 'these are the test losses\nthese are the train losses');
    const upsideDown = await wrong(({ trainLoss }) => ({ trainLoss: [...trainLoss].reverse() }));
    assert.match(hints(upsideDown), /from the last b to the first/);
    const off = await wrong(({ trainLoss }) => ({
      trainLoss: trainLoss.map((row, j) => row.map((x, i) => (j === 1 && i === 2 ? x + 1 : x))),
    }));
    assert.match(hints(off), /^at a = 1, b = 0\.8 you have [\d.]+, the network there has [\d.]+$/m);
    const missing = await wrong(() => ({ testLoss: undefined }));
    assert.match(hints(missing), /there is no testLoss/);
    const shapeOf = async (turned: (rows: number[][]) => unknown) =>
      (await wrong(({ trainLoss }) => ({ trainLoss: turned(trainLoss) }))).findings[0]!.hint;
    const shaped = 'for 3 values of a and 2 of b there are';
    assert.equal(await shapeOf(() => []), `${shaped} 0 rows of 0`);
    assert.equal(await shapeOf(([row]) => [row, row, row]), `${shaped} 3 rows of 3`);
    assert.equal(await shapeOf(([a, b]) => [a, b!.slice(1)]), `${shaped} 2 rows of 3`);
    assert.equal(await shapeOf(() => [[1, 2], [1, 2], [1]]), `${shaped} 3 rows of 2`);
    assert.equal(
      await shapeOf(() => [
        [1, 2],
        [1, 2],
      ]),
      `${shaped} 2 rows of 2`,
    );
    const two = await shapeOf((rows) =>
      rows.map((row) => row.map((_, i) => (row === rows[0] ? i % 2 : 0))),
    );
    assert.equal(two, undefined, 'they are not all the same');
    const expected = 'expected trainLoss as a list of rows, each a list of numbers, got';
    assert.equal(await shapeOf(() => 7), `${expected} 7.000`);
    assert.equal(await shapeOf(() => [1, 2]), `${expected} a list of other things`);
    const flat = (rows: number[][]) => rows.map((row) => row.map(() => 1));
    const constant = await wrong(({ trainLoss, testLoss }) => ({
      trainLoss: flat(trainLoss),
      testLoss: flat(testLoss),
    }));
    assert.equal(notHolding(constant).length, 4);
  });
});
