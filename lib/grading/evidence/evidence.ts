import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { Check } from '../../checks';
import { InputError } from '../../errors';
import { type Criterion, criteria, type Given } from './criteria';
import { pack, unpack } from './pack';
import { type Call, isCall, recorded, replayed } from './replay';

/** What one criterion is judged by, as it leaves the student's process. */
interface Evidence {
  readonly claims: string;
  readonly calls: Readonly<Record<string, readonly Call[]>>;
}

/**
 * The cell that collects the evidence of a criterion in the student's kernel. It is the grader's,
 * and is carried out on each occasion of `OCCASIONS`. A function that the compiler does not know
 * takes no other with it: it is found missing when it is asked for.
 *
 * @param collector the path of this module, compiled
 */
export function evidenceCell(
  { id, claims, functions, tries = [] }: Criterion,
  collector: string,
  seed: number,
): string {
  const data = Object.entries(claims).map(([name, expression]) => `${name}: ${expression}`);
  const called = [...functions, ...tries].map(
    (name) => `${name}: (() => { try {\n// @ts-ignore\nreturn ${name};\n} catch {} })()`,
  );
  return (
    `await require(${JSON.stringify(collector)}).collect('${id}', { ${data.join(', ')} }, ` +
    `{ ${called.join(', ')} }, ${seed});`
  );
}

/**
 * Called in the student's kernel: makes the calls that the criterion makes, and keeps their
 * outcomes and the claims in a file for the runner. What the check finds here is of no account.
 */
export async function collect(
  id: string,
  claims: Given['claims'],
  functions: Given['functions'],
  seed: number,
): Promise<void> {
  const criterion = criteria.find((one) => one.id === id)!;
  const calls: Record<string, Call[]> = {};
  const listening = Object.fromEntries(
    Object.entries(functions).map(([name, f]) => {
      const { tries = [] } = criterion;
      if (typeof f !== 'function') {
        return [name, tries.includes(name) ? undefined : absent('it is not there')];
      }
      const made: Call[] = [];
      calls[name] = made;
      return [name, recorded(f, made)];
    }),
  );
  const { LAB_EVIDENCE, LAB_GRADING_SIZE } = process.env;
  if (criterion.functions.length + (criterion.tries?.length ?? 0) > 0) {
    const small = LAB_GRADING_SIZE === 'small';
    const given = { claims, functions: listening, seed, small };
    // An answer that fails here fails there as well, with its reason.
    await criterion.judge(given).catch(() => undefined);
  }
  const evidence: Evidence = { claims: pack(claims), calls };
  writeFileSync(join(LAB_EVIDENCE!, id), JSON.stringify(evidence));
}

/**
 * The verdict on a criterion, in the grader's process, from the text that the student's left.
 *
 * @param whyAbsent why the notebook has no function of a name
 * @throws InputError when the text is no evidence, or claims what cannot be, or no function is there
 */
export async function judge(
  criterion: Criterion,
  text: string,
  seed: number,
  small: boolean,
  whyAbsent: (name: string) => string,
): Promise<Check> {
  const { claims, calls } = readEvidence(text);
  const made: tf.Tensor[] = [];
  const missing = criterion.functions.filter((name) => !Object.hasOwn(calls, name));
  if (missing.length > 0 && missing.length === criterion.functions.length) {
    throw new InputError(whyAbsent(missing[0]!));
  }
  try {
    const functions = Object.fromEntries(
      criterion.functions.map((name) => [
        name,
        missing.includes(name) ? absent(whyAbsent(name)) : replayed(calls[name]!, made),
      ]),
    );
    for (const name of criterion.tries ?? []) {
      if (Object.hasOwn(calls, name)) functions[name] = replayed(calls[name]!, made);
    }
    const claimed = unpack(claims, made) as Given['claims'] | null;
    return await criterion.judge({ claims: claimed ?? {}, functions, seed, small });
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** In the place of a function that is not there. */
function absent(why: string) {
  return () => {
    throw new InputError(why);
  };
}

function readEvidence(text: string): Evidence {
  let evidence: Partial<Evidence> | null;
  try {
    evidence = JSON.parse(text) as typeof evidence;
  } catch {
    throw new InputError('evidence: it is no JSON');
  }
  const { claims, calls } = evidence ?? {};
  const whole =
    typeof claims === 'string' &&
    typeof calls === 'object' &&
    calls !== null &&
    Object.values(calls).every((list) => Array.isArray(list) && list.every(isCall));
  if (!whole) throw new InputError('evidence: it is damaged or forged, expected { claims, calls }');
  return { claims, calls };
}
