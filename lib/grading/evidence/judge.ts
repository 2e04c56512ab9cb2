import type * as tf from '@tensorflow/tfjs';
import type { Check } from '../../checks';
import { InputError } from '../../errors';
import type { Criterion, Given } from './criteria';
import { absent, readEvidence } from './evidence';
import { unpack } from './pack';
import { replayed } from './replay';

/**
 * Among judges: what holds of a criterion, by the text that the student's process left.
 *
 * @param whyAbsent why the notebook has no function of a name
 * @param heard told the arguments of each call
 * @throws InputError when the text is no evidence, or claims what cannot be, or no function is there
 */
export async function judge(
  criterion: Criterion,
  text: string,
  seed: number,
  small: boolean,
  whyAbsent: (name: string) => string,
  heard: (args: readonly unknown[]) => void = () => undefined,
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
        missing.includes(name) ? absent(whyAbsent(name)) : replayed(calls[name]!, made, heard),
      ]),
    );
    for (const name of criterion.tries ?? []) {
      if (Object.hasOwn(calls, name)) functions[name] = replayed(calls[name]!, made, heard);
    }
    const claimed = unpack(claims, made) as Given['claims'] | null;
    return await criterion.judge({ claims: claimed ?? {}, functions, seed, small });
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}
