/**
 * What the three processes of the kernel say to each other. The launcher speaks with front ends and
 * does nothing else, so it always answers. The compiler knows what cells have declared, and answers
 * an editor also while a cell runs; the interpreter runs what it is given, and knows no sockets.
 */

/** What the compiler is asked. */
export type Question =
  | { readonly kind: 'compile'; readonly code: string }
  | { readonly kind: 'complete'; readonly code: string; readonly cursor: number }
  | { readonly kind: 'inspect'; readonly code: string; readonly cursor: number }
  | { readonly kind: 'isComplete'; readonly code: string };

/** From the launcher to the compiler. */
export type CompilerOrder =
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  /** What a cell that ran has declared. */
  | { readonly kind: 'learn'; readonly knowledge: Knowledge }
  /** The variables are gone. */
  | { readonly kind: 'forget' };

/** From the compiler to the launcher. */
export interface CompilerReport {
  readonly id: number;
  readonly answer: Compiled | Refused | Answer | LeftOut;
}

/** A question that takes declarations which were left out. */
export interface LeftOut {
  readonly needsAll: true;
}

/** A cell that compiles. */
export interface Compiled {
  readonly program: Program;
  /** What it declares, if all of it runs. */
  readonly knowledge: Knowledge;
}

/** A cell that does not compile. */
export interface Refused {
  readonly complaints: readonly Complaint[];
}

/** A cell as JavaScript: the body of an async function. */
export interface Program {
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map: string;
  /** The names that it declares at its top level. */
  readonly names: readonly string[];
  /** Those of them that have no value before the statement that declares them. */
  readonly late: readonly string[];
}

/** How a name of a cell's top level came to be, as far as later cells care. */
export type Origin =
  | 'let'
  | 'const'
  | 'function'
  | 'class'
  | 'enum'
  | 'namespace'
  | 'type'
  | 'import';

/** A name that a cell declares at its top level. */
export interface Declared {
  readonly name: string;
  readonly origin: Origin;
  /** Whether the cell itself exports it. */
  readonly exported: boolean;
  /** Whether it is only said to be there, as `declare const` does. */
  readonly ambient: boolean;
}

/** A cell's declarations, or its source where its types cannot be declared outside of it. */
export interface Knowledge {
  readonly declared: readonly Declared[];
  readonly text: string;
  readonly isSource: boolean;
  /** The file beside the notebook that the cell is; its text is the source. */
  readonly file?: string;
}

/** What the compiler has to say against a cell, or against a file that it imports. */
export interface Complaint {
  readonly message: string;
  /** TypeScript's number of it, if it is TypeScript's. */
  readonly code?: number;
  /** The part of the cell it is about, as offsets. */
  readonly start: number;
  readonly end: number;
  /** Where it is, when it is in an imported file. */
  readonly file?: { readonly name: string; readonly line: number; readonly column: number };
}

/** What the interpreter carries out, one at a time. */
export type Task =
  | {
      readonly kind: 'execute';
      /** The cell as its user wrote it. */
      readonly code: string;
      readonly program: Program;
      /** What the cell is called in tracebacks: `In [3]`. */
      readonly label: string;
      readonly count: number;
      readonly silent: boolean;
      readonly allowInput: boolean;
    }
  /** An expression that a front end wants evaluated after a cell. */
  | { readonly kind: 'evaluate'; readonly code: string; readonly program: Program };

/** From the launcher to the interpreter. */
export type Order =
  | { readonly kind: 'task'; readonly id: number; readonly task: Task }
  /** Packages that the next task is going to load. */
  | { readonly kind: 'preload'; readonly packages: readonly string[] }
  /** What was typed at a prompt. */
  | { readonly kind: 'input'; readonly id: number; readonly text: string }
  | CommOrder;

/** A comm's message from a front end; it does not wait for the task that is being done. */
export interface CommOrder {
  readonly kind: 'comm';
  readonly id: number;
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** In base64. */
  readonly buffers: readonly string[];
}

/** From the interpreter to the launcher. */
export type Report =
  /** A message for all front ends, belonging to the request with that id. */
  | {
      readonly kind: 'publish';
      readonly id: number;
      readonly type: string;
      readonly content: object;
      readonly extras?: {
        readonly metadata: Readonly<Record<string, unknown>>;
        /** In base64. */
        readonly buffers: readonly string[];
      };
    }
  /** A comm's message was dealt with. */
  | { readonly kind: 'handled'; readonly id: number }
  /** A question for the one who sent the request. */
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** The task is done. */
  | ({ readonly kind: 'answer'; readonly id: number } & Outcome);

/** What came of a task. */
export interface Outcome {
  /** The content of its reply. */
  readonly content: Answer;
  /** The names that a cell has declared, which are fewer than its program's where it failed. */
  readonly kept?: readonly string[];
  /** The text of a result, for the history. */
  readonly resultText?: string;
}

/** The content of a reply. */
export type Answer = Readonly<Record<string, unknown>> & { readonly status: string };

/** How an error is told, in an `error` message and in the reply alike. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}
