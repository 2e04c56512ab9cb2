/** What goes between the grader and the runner in the sandbox. */

/** The first line that the runner writes, before anything of a student's is carried out. */
export const BEGUN = 'begun';

/** What the runner is to do. */
export interface Plan {
  readonly cells: readonly {
    readonly id: string;
    readonly code: string;
    /** Its cells share their time. */
    readonly task: string;
  }[];
  /** Carried out last; each leaves a file of its name in `LAB_EVIDENCE`. */
  readonly evidence: readonly { readonly id: string; readonly code: string }[];
  /** The longest that a task's cells together, or a piece of evidence, may take, in seconds. */
  readonly taskSeconds: number;
  /** Resident memory that ends the kernel, in MB: less than what ends everything. */
  readonly memoryMB: number;
}

/** What it tells, a JSON object a line. Nothing of it is trusted. */
export type Message =
  | { readonly kind: 'cell'; readonly id: string; readonly error?: string }
  | { readonly kind: 'output'; readonly id: string; readonly html: string }
  | {
      readonly kind: 'evidence';
      readonly id: string;
      readonly text?: string;
      readonly error?: string;
    };
