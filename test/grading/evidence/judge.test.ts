import assert from 'node:assert/strict';
import { useBackend } from '../../../lib/engine';
import type { Call } from '../../../lib/grading/evidence/call';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { judge } from '../../../lib/grading/evidence/judge';
import { pack } from '../../../lib/grading/evidence/pack';
import { recorded } from '../../../lib/grading/evidence/record';
import { ClassifierFC } from '../../../lib/nn';
import type { StateDict } from '../../../lib/weights';

describe('evidence', () => {
  before(() => useBackend());

  it('is refused when it has another form', async () => {
    const [, interpolation] = criteria;
    for (const text of [
      '',
      'null',
      '{"claims":1,"calls":{}}',
      '{"claims":"{}","calls":{"f":[1]}}',
    ]) {
      await assert.rejects(judge(interpolation!, text, 1, true, String), /evidence: it /);
    }
    const uncalled = '{"claims":"{}","calls":{"interpolateBetweenStateDicts":[]}}';
    const { findings } = await judge(interpolation!, uncalled, 1, true, String);
    assert.ok(findings.every(({ verdict }) => verdict === 'fails'));
  });

  it('of one function out of two is judged, and says why there is no other', async () => {
    const lines = criteria.find(({ id }) => id === 'task-1-2-lines-check')!;
    const ends = ([m1, m2]: StateDict[], [i1, i2]: StateDict[]) => ({
      linear_combination_of_two_minima: [m1, m2],
      linear_combination_of_minimum_and_init: [m1, i1],
      linear_combination_of_minimum_and_random: [m1, i2],
      linear_combination_of_two_randoms: [i1, i2],
    });
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 8 });
    const calls: Call[] = [];
    const evaluateOnLine = () => {
      throw new Error('absent');
    };
    const given = { claims: { network }, seed: 3, small: true };
    await lines.judge({
      ...given,
      functions: { endsOfModes: recorded(ends, calls), evaluateOnLine },
    });
    const text = JSON.stringify({ claims: pack({ network }), calls: { endsOfModes: calls } });
    const why = (name: string) => `no ${name}`;
    const { findings } = await judge(lines, text, 3, true, why);
    const [holding, failing] = ['holds', 'fails'].map((verdict) =>
      findings.filter((one) => one.verdict === verdict),
    );
    assert.equal(holding!.filter(({ what }) => what.includes('joins')).length, 4);
    assert.equal(failing![0]!.hint, 'no evaluateOnLine');
    const none = JSON.stringify({ claims: pack({ network }), calls: {} });
    await assert.rejects(judge(lines, none, 3, true, why), /^InputError: no endsOfModes$/);
  });
});
