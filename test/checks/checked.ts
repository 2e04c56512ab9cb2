import assert from 'node:assert/strict';
import type { Check } from '../../lib/checks';

/** What of a check the tests ask for. */
export const verdicts = ({ findings }: Check) => findings.map(({ verdict }) => verdict);
export const hints = ({ findings }: Check) => findings.map(({ hint }) => hint ?? '').join('\n');
const those = ({ findings }: Check, wanted: (verdict: string) => boolean) =>
  findings.filter(({ verdict }) => wanted(verdict)).map(({ what }) => what);
export const holding = (check: Check) => those(check, (verdict) => verdict === 'holds');
export const failing = (check: Check) => those(check, (verdict) => verdict === 'fails');
/** What fails, and what is not answered. */
export const notHolding = (check: Check) => those(check, (verdict) => verdict !== 'holds');

/** An answer as a student's copy has it. */
export const stub = (): never => {
  throw new Error('not answered yet');
};

export const onlyStubs = (check: Check) =>
  assert.deepEqual(new Set(verdicts(check)), new Set(['not answered']));
