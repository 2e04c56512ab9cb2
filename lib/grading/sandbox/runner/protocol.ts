/** What goes between the grader and the runner in the sandbox. */

/** The first line that the runner writes, before anything of a student's is carried out. */
export const BEGUN = 'begun';

/**
 * When a piece of evidence is collected: where the notebook has the check, so that what comes after
 * it takes nothing away; at the end, so that an answer given again counts; and then with the
 * functions of earlier tasks given right, so that a mistake in one task costs nothing in the next.
 */
export const OCCASIONS = ['in place', 'at the end', 'with what it builds on given'] as const;
/** The last of them, which a verdict tells of. */
export const GIVEN: Occasion = 'with what it builds on given';
/** One of `OCCASIONS`. */
export type Occasion = (typeof OCCASIONS)[number];

/** One thing that the runner is to do. */
export type Step =
  /** A cell of the student's; those of a task share their time. */
  | { readonly kind: 'cell'; readonly id: string; readonly code: string; readonly task: string }
  /**
   * Leaves a file of its name in `LAB_EVIDENCE`. Its code holds the seed of its inputs, and is asked
   * for when its turn has come: until then it is nowhere that the student's code can read.
   */
  | { readonly kind: 'evidence'; readonly id: string; readonly occasion: Occasion }
  /** Of the grader; nothing is told of it. */
  | { readonly kind: 'given'; readonly code: string }
  /** The cells that did not find a name are carried out again, now that it may be there. */
  | { readonly kind: 'again' };

/** What the runner is to do. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The longest that a task's cells together, or a piece of evidence, may take, in seconds. */
  readonly taskSeconds: number;
  /** Resident memory that ends the kernel, in MB: less than what ends everything. */
  readonly memoryMB: number;
}

/** What it tells, a JSON object a line. Nothing of it is trusted. */
export type Message =
  /** Asks for the code of a piece of evidence, which comes as a JSON string on the next line. */
  | { readonly kind: 'ask'; readonly id: string; readonly occasion: Occasion }
  /** The last of a cell counts. */
  | { readonly kind: 'cell'; readonly id: string; readonly error?: string }
  | { readonly kind: 'output'; readonly id: string; readonly html: string }
  | {
      readonly kind: 'evidence';
      readonly id: string;
      readonly occasion: Occasion;
      readonly text?: string;
      readonly error?: string;
    };

/** The name that a cell did not find, by its error. */
export function nameNotFound(error: string | undefined): string | undefined {
  return /Cannot find name '([^']+)'/.exec(error ?? '')?.[1];
}

/** The lines of a stream of text. An end without a line break is a line as well, unless empty. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n');
    begun.push(first);
    for (const next of others) {
      yield begun.join('');
      begun = [next];
    }
  }
  const last = begun.join('');
  if (last !== '') yield last;
}
