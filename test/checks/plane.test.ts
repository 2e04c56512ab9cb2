import assert from 'node:assert/strict';
import { checkPlane, type EvaluateOnPlane } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { evaluateGrid, type Grid, type Rectangle } from '../../lib/plane';
import { toyNetwork } from '../toy';
import { failing, hints, notHolding, onlyStubs, stub } from './checked';
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

  it('asks about the three points, for few figures, on sides of two lengths in turn', async () => {
    const asked: Rectangle[] = [];
    await checkPlane(toyNetwork, datasets, (plane, rectangle, options) => {
      asked.push(structuredClone(rectangle));
      return right(plane, rectangle, options);
    });
    const [one, two] = asked as [Rectangle, Rectangle];
    assert.deepEqual([one.nx, one.ny], [3, 2]);
    assert.deepEqual([two.nx, two.ny], [2, 4]);
    // w₁ is at 0 on either axis, w₂ at a = 1, and θ at b = 1.
    for (const [from, to] of asked.flatMap(({ aRange, bRange }) => [aRange, bRange])) {
      assert.ok(from >= -0.5 && from < to && to <= 1.1, `${from} to ${to}`);
    }
    assert.ok(one.aRange[0] < 0, 'past w₁ on one axis');
    assert.ok(two.bRange[0] < 0, 'and on the other');
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

  const wrong = (change: (grid: Grid, call: number) => object) => {
    let calls = 0;
    return checkPlane(toyNetwork, datasets, async (plane, rectangle) => {
      const grid = await right(plane, rectangle, {});
      return { ...grid, ...change(grid, calls++) };
    });
  };

  it('tells as and bs that stand elsewhere, and what is wrong of the second plane alone', async () => {
    const moved = (places: number[]) => places.map((x) => x + 1);
    for (const [name, change] of [
      ['as', ({ as }: Grid) => ({ as: moved(as) })],
      ['bs', ({ bs }: Grid) => ({ bs: moved(bs) })],
    ] as const) {
      const check = await wrong(change);
      assert.deepEqual(failing(check), ['as and bs say where they stand']);
      assert.match(hints(check), new RegExp(`^in ${name}\\[0\\] you have `, 'm'));
    }
    const second = await wrong(({ bs }, call) => (call === 0 ? {} : { bs: moved(bs) }));
    assert.match(
      hints(second),
      /^on a second plane, in bs\[0\] you have 0\.6000, with .* -0\.4000$/m,
    );
  });

  it('tells a transposed grid, exchanged sets and another place', async () => {
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
