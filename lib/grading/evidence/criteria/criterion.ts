import type { Check } from '../../../checks';

/** What a criterion has to judge by: claims are data, functions are to be called. */
export interface Given {
  readonly claims: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: a student's functions are what they are
  readonly functions: Readonly<Record<string, any>>;
  /** Draws the inputs of this run. */
  readonly seed: number;
  /** The size that the submission was carried out at. */
  readonly small: boolean;
}

/** One automatic criterion: what is taken from the notebook, and what must hold of it. */
export interface Criterion {
  /** The id of the check's cell in the workbook, which has the points. */
  readonly id: string;
  /** Data by what they are called here: expressions in the notebook. */
  readonly claims: Readonly<Record<string, string>>;
  /** Names of functions in the notebook. */
  readonly functions: readonly string[];
  /** Those that are tried where they are there, and cost nothing where they are not. */
  readonly tries?: readonly string[];
  /** The function of an earlier task that answers may call, and pathlab has as well. */
  readonly buildsOn?: string;
  /**
   * Runs in both processes: in the student's, to make the calls that are recorded, and in the
   * judge's, on the record. So it must make the same calls in the same order for the same seed.
   *
   * @throws InputError where a claim is not what it should be; nothing is earned then
   */
  readonly judge: (given: Given) => Promise<Check>;
}
