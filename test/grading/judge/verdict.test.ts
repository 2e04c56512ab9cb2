import assert from 'node:assert/strict';
import type { Finding } from '../../../lib/checks';
import type { Criterion } from '../../../lib/grading/evidence/criteria';
import { type Left, taskOf, verdictOn } from '../../../lib/grading/judge/verdict';
import type { Message, Occasion } from '../../../lib/grading/sandbox/runner/protocol';

describe('a verdict', () => {
  const id = 'task-2-1-check';
  /** One that judges by its claim: how many of two things hold. */
  const criterion: Criterion = {
    id,
    claims: { right: 'right' },
    functions: [],
    judge: async ({ claims }) => {
      if (claims.right === 'none') throw new Error('it claims what cannot be\n    at a place');
      const findings = ['a', 'b'].map((what, i): Finding => {
        return { what, verdict: i < Number(claims.right) ? 'holds' : 'fails' };
      });
      return { task: '2.1', findings };
    },
  };
  const evidence = (occasion: Occasion, right: unknown): Message => {
    const text = JSON.stringify({ claims: JSON.stringify({ right }), calls: {} });
    return { kind: 'evidence', id, occasion, text };
  };
  const on = (messages: readonly Message[], left: Partial<Left> = {}) =>
    verdictOn(criterion, 0.5, {
      ...{ messages, cells: [], stopped: undefined, seed: 1, size: 'small' },
      ...left,
    });

  it('needs evidence: without it nothing is earned, and it is told why', async () => {
    const none = { id, task: '2.1', points: 0.5, earned: 0, findings: [] };
    const reason = 'the run ended before it was looked at';
    assert.deepEqual(await on([]), { ...none, reason });
    const stopped = 'it took longer than 900 s';
    assert.deepEqual(await on([], { stopped }), { ...none, reason: stopped });
    const other = { ...evidence('in place', 2), id: 'task-2-3-check' };
    assert.deepEqual(await on([other]), { ...none, reason });
    const mute: Message = { kind: 'evidence', id, occasion: 'in place' };
    assert.deepEqual(await on([mute]), { ...none, reason: 'it left no evidence' });
    const refused = await on([{ ...mute, error: 'Interrupted: too long' }]);
    assert.deepEqual(refused, { ...none, reason: 'Interrupted: too long' });
  });

  it('is none on evidence that is damaged or claims what cannot be', async () => {
    const damaged: Message = { kind: 'evidence', id, occasion: 'in place', text: '{' };
    for (const [message, reason] of [
      [damaged, /^evidence: it is no JSON/],
      [{ ...damaged, text: '{"claims":"{","calls":{}}' }, /^evidence: it is no JSON/],
      [evidence('in place', 'none'), /^it claims what cannot be$/],
    ] as const) {
      const { earned, findings, reason: told } = await on([message]);
      assert.deepEqual([earned, findings], [0, []]);
      assert.match(told!, reason);
    }
  });

  it('is the best that any occasion gives, and says where earlier answers were given', async () => {
    // Half of 0.5 for one of two things.
    assert.equal((await on([evidence('in place', 1)])).earned, 0.25);
    const later = await on([evidence('at the end', 2), evidence('in place', 0)]);
    assert.deepEqual([later.earned, later.note], [0.5, undefined]);
    const earlier = await on([evidence('in place', 2), evidence('at the end', 0)]);
    assert.equal(earlier.earned, 0.5);
    const given = await on([evidence('in place', 0), evidence('with what it builds on given', 1)]);
    assert.deepEqual([given.earned, given.note], [0.25, 'judged with what it builds on given']);
  });

  it('names the cell whose failure left out what it asks for', async () => {
    const error = "TypeScriptError: Cannot find name 'w$1'.";
    const messages: Message[] = [
      { kind: 'cell', id: 'asks', error },
      { kind: 'cell', id: 'makes', error: 'RangeError: no' },
      { kind: 'evidence', id, occasion: 'in place', error },
    ];
    const cells = [
      { id: 'asks', code: 'w$1;' },
      { id: 'makes', code: 'const w$1 = no();' },
    ];
    const told = (await on(messages, { cells })).reason;
    assert.equal(told, "there is no 'w$1', because cell makes failed: RangeError: no");
    assert.equal((await on(messages)).reason, "the notebook has no 'w$1'");
  });

  it('is on the task that its cell belongs to', () => {
    assert.equal(taskOf('task-1-2-lines-check'), '1.2');
  });
});
