import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkInterpolation } from '../../../lib/checks';
import { useBackend } from '../../../lib/engine';
import type { Call } from '../../../lib/grading/evidence/call';
import { recorded } from '../../../lib/grading/evidence/record';
import { replayed } from '../../../lib/grading/evidence/replay';
import { interpolateBetweenStateDicts } from '../../../lib/paths';
import type { StateDict } from '../../../lib/weights';

describe('what was recorded is replayed', () => {
  before(() => useBackend());

  it('to the same verdict of a check', async () => {
    const answers = {
      right: interpolateBetweenStateDicts,
      swapped: (t: number, a: StateDict, b: StateDict) => interpolateBetweenStateDicts(t, b, a),
      failing: () => {
        throw new Error('no idea');
      },
    };
    for (const [name, answer] of Object.entries(answers)) {
      const calls: Call[] = [];
      const there = await checkInterpolation(recorded(answer, calls) as typeof answers.right, 9);
      const made: tf.Tensor[] = [];
      const here = await checkInterpolation(replayed(calls, made) as typeof answers.right, 9);
      assert.deepEqual(here.findings, there.findings, name);
      const other = await checkInterpolation(replayed(calls, made) as typeof answers.right, 10);
      assert.ok(
        other.findings.some(({ verdict }) => verdict === 'fails'),
        'other inputs',
      );
    }
  });

  it('with arguments that were changed', async () => {
    const changing = (t: number, a: StateDict, b: StateDict) => {
      const point = interpolateBetweenStateDicts(t, a, b);
      const [name] = Object.keys(a);
      a[name!] = tf.keep(a[name!]!.clone());
      return point;
    };
    const calls: Call[] = [];
    await checkInterpolation(recorded(changing, calls) as typeof changing, 9);
    const made: tf.Tensor[] = [];
    const { findings } = await checkInterpolation(replayed(calls, made) as typeof changing, 9);
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    assert.deepEqual(
      failing.map(({ hint }) => hint),
      ['it changed its first state dict'],
    );
  });

  it('with what a function told its listener', async () => {
    const calls: Call[] = [];
    const f = async (n: number, report: (row: { loss: number }) => void) => {
      for (let i = 0; i < n; i++) report({ loss: i });
    };
    const heard: number[] = [];
    const listen = ({ loss }: { loss: number }) => {
      heard.push(loss);
      if (loss === 1) throw new Error('enough');
    };
    await assert.rejects(recorded(f, calls)(5, listen) as Promise<void>, /enough/);
    await assert.rejects(replayed(calls, [])(5, listen) as Promise<void>, /enough/);
    assert.deepEqual(heard, [0, 1, 0, 1]);
  });
});
