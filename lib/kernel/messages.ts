/**
 * What the two processes of the kernel say to each other. The launcher speaks with front ends and
 * never runs a cell, so it always answers; the interpreter runs cells and knows no sockets.
 */

/** A request that the interpreter answers, one at a time. */
export type Task =
  | {
      readonly kind: 'execute';
      readonly code: string;
      /** What the cell is called in tracebacks: `In [3]`. */
      readonly label: string;
      readonly count: number;
      readonly silent: boolean;
      readonly allowInput: boolean;
      readonly expressions: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'complete'; readonly code: string; readonly cursor: number }
  | { readonly kind: 'inspect'; readonly code: string; readonly cursor: number }
  | { readonly kind: 'isComplete'; readonly code: string };

/** From the launcher to the interpreter. */
export type Order =
  | { readonly kind: 'task'; readonly id: number; readonly task: Task }
  /** What was typed at a prompt. */
  | { readonly kind: 'input'; readonly id: number; readonly text: string };

/** From the interpreter to the launcher. */
export type Report =
  /** A message for all front ends, belonging to the request with that id. */
  | {
      readonly kind: 'publish';
      readonly id: number;
      readonly type: string;
      readonly content: object;
    }
  /** A question for the one who sent the request. */
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** The task is done: the content of its reply, and the text of a result for the history. */
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly content: Answer;
      readonly resultText?: string;
    };

/** The content of a reply. */
export type Answer = Readonly<Record<string, unknown>> & { readonly status: string };

/** How an error is told, in an `error` message and in the reply alike. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}
