import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  type Check,
  check,
  checkBasis,
  checkBezierPoint,
  checkChain,
  checkInterpolation,
  checkLines,
  checkMatchingCosts,
  checkPermutation,
  checkPlane,
} from '../../lib/checks';
import { askingOfEach, notAnswered, withFields } from '../../lib/checks/check';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { mimeBundle } from '../../lib/notebook/display';
import { getStateDictFromChain, interpolateBetweenStateDicts } from '../../lib/paths';
import { orthogonalBasis } from '../../lib/plane';
import { toyNetwork } from '../toy';
import { stub, verdicts } from './checked';
import { datasets } from './toyTraining';

describe('checks of answers', () => {
  before(() => useBackend());

  it('leaves no tensor of its own behind', async () => {
    const before = tf.memory().numTensors;
    await checkInterpolation(stub);
    await checkChain(stub);
    await checkBasis(stub);
    await checkBezierPoint(stub);
    await checkPermutation(stub);
    await checkMatchingCosts(stub);
    await checkLines(toyNetwork, datasets, stub, stub);
    await checkPlane(toyNetwork, datasets, stub);
    await checkInterpolation(interpolateBetweenStateDicts);
    await checkChain(getStateDictFromChain);
    await checkBasis(orthogonalBasis);
    assert.equal(tf.memory().numTensors, before);
  });

  it('say what a judge says or throws, each once, and whose mistake it is', async () => {
    const found = await check('a task of mine', {
      right: () => undefined,
      wrong: () => 'look there',
      'wrong as well': () => 'look there',
      open: () => notAnswered('nothing has moved'),
      'open as well': () => notAnswered('nothing has moved'),
      refused: () => {
        throw new InputError('expected a list');
      },
      failing: () => {
        throw new Error('of mine\nat line 3');
      },
      'throwing a text': () => {
        throw 'a text';
      },
      disposed: () => {
        throw new Error('Tensor is disposed.');
      },
    });
    assert.equal(found.task, 'a task of mine');
    assert.deepEqual(verdicts(found), [
      ...['holds', 'fails', 'fails', 'not answered', 'not answered'],
      ...Array(4).fill('fails'),
    ]);
    assert.deepEqual(
      found.findings.map(({ hint }) => hint?.replace(/(inside of tf\.tidy) .*/, '$1')),
      [
        undefined,
        'look there',
        'the same as for “wrong”',
        'nothing has moved',
        undefined,
        'expected a list',
        'your code threw: of mine',
        'your code threw: a text',
        'your code threw: Tensor is disposed. It was made inside of tf.tidy',
      ],
    );
  });

  it('end with an interrupt, which is no mistake', async () => {
    const interrupted = Object.assign(new Error('stop'), { name: 'Interrupted' });
    const judges = { one: () => Promise.reject(interrupted) };
    await assert.rejects(check('1.1', judges), { name: 'Interrupted' });
  });

  it('name what is missing from what comes back', () => {
    const of = (value: unknown) => () => withFields(value as { a: 1; b: 2 }, 'a', 'b');
    assert.deepEqual(of({ a: 1, b: 2 })(), { a: 1, b: 2 });
    for (const [value, message] of [
      [Promise.resolve(), 'it returns a promise, not { a, b }: this function must not be async'],
      [null, 'it returns null, not { a, b }: does it end with a return?'],
      [undefined, 'it returns undefined, not { a, b }: does it end with a return?'],
      [7, 'it returns 7, not { a, b }: does it end with a return?'],
      [{ a: 1 }, 'there is no b in what it returns: expected { a, b }'],
    ] as const) {
      assert.throws(of(value), { name: 'InputError', message });
    }
  });

  it('ask of each thing once, one after the other', async () => {
    let [calls, atOnce, most] = [0, 0, 0];
    const ask = askingOfEach(['a', 'b', 'c'], async (thing, k) => {
      calls++;
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      return `${thing}${k}`;
    });
    assert.deepEqual(await ask(), ['a0', 'b1', 'c2']);
    assert.deepEqual(await ask(), ['a0', 'b1', 'c2']);
    assert.deepEqual([calls, most], [3, 1]);
  });

  it('take one line where nothing is answered', async () => {
    const text = async (check: Promise<Check>) =>
      String((await mimeBundle(await check))['text/plain']);
    assert.equal(await text(checkInterpolation(stub)), 'Task 1.2\n… all of it: not answered yet');
  });

  it('are shown as a list with signs, in words where there is no HTML', async () => {
    const bundle = await mimeBundle(
      await checkInterpolation((t, a, b) => {
        if (t === 0) throw new Error('<b>');
        return interpolateBetweenStateDicts(t, a, b);
      }),
    );
    assert.match(
      String(bundle['text/plain']),
      /^Task 1\.2\n✓ at t = 1 .*\n✗ at t = 0 .*: your code threw: <b>/,
    );
    assert.match(String(bundle['text/html']), /your code threw: &#60;b&#62;/);
  });
});
