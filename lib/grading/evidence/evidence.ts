import { InputError } from '../../errors';
import { type Call, isCall } from './call';

/** What one criterion is judged by, as it leaves the student's process: JSON in a file of its name. */
export interface Evidence {
  /** Packed. */
  readonly claims: string;
  /** By the function's name. */
  readonly calls: Readonly<Record<string, readonly Call[]>>;
}

/** @throws InputError when the text is no evidence; what is packed in it is not looked at yet */
export function readEvidence(text: string): Evidence {
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

/**
 * In the place of a function that is not there.
 *
 * @throws InputError whenever it is called
 */
export function absent(why: string): () => never {
  return () => {
    throw new InputError(why);
  };
}
