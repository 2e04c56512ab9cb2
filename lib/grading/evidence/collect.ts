import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './call';
import { criteria, type Given } from './criteria';
import { absent, type Evidence } from './evidence';
import { pack } from './pack';
import { recorded } from './record';

/**
 * Among students: called in the student's kernel by the judge's cell (see `judge/plan.ts`).
 * Makes the calls that the criterion makes, and keeps their outcomes and the claims in a file of
 * `LAB_EVIDENCE` for the runner. What the check finds here is of no account.
 */
export async function collect(
  id: string,
  claims: Given['claims'],
  functions: Given['functions'],
  seed: number,
): Promise<void> {
  const criterion = criteria.find((one) => one.id === id)!;
  const { tries = [] } = criterion;
  const calls: Record<string, Call[]> = {};
  const listening = Object.fromEntries(
    Object.entries(functions).map(([name, f]) => {
      if (typeof f !== 'function') {
        return [name, tries.includes(name) ? undefined : absent('it is not there')];
      }
      const made: Call[] = [];
      calls[name] = made;
      return [name, recorded(f, made)];
    }),
  );
  const { LAB_EVIDENCE, LAB_GRADING_SIZE } = process.env;
  if (criterion.functions.length + tries.length > 0) {
    const given = { claims, functions: listening, seed, small: LAB_GRADING_SIZE === 'small' };
    // An answer that fails here fails there as well, with its reason.
    await criterion.judge(given).catch(() => undefined);
  }
  const evidence: Evidence = { claims: pack(claims), calls };
  writeFileSync(join(LAB_EVIDENCE!, id), JSON.stringify(evidence));
}
