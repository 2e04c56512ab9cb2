import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Check, checkBasis, checkChain, checkInterpolation } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { mimeBundle } from '../../lib/notebook/display';
import { getStateDictFromChain, interpolateBetweenStateDicts } from '../../lib/paths';
import { orthogonalBasis } from '../../lib/plane';
import { stub } from './checked';

describe('checks of answers', () => {
  before(() => useBackend());

  it('leaves no tensor of its own behind', async () => {
    const before = tf.memory().numTensors;
    await checkInterpolation(stub);
    await checkChain(stub);
    await checkBasis(stub);
    await checkInterpolation(interpolateBetweenStateDicts);
    await checkChain(getStateDictFromChain);
    await checkBasis(orthogonalBasis);
    assert.equal(tf.memory().numTensors, before);
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
