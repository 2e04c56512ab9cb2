import { type Finding, pointsFor } from '../checks';
import type { LabSize } from '../notebook/lab';
import type { Criterion } from './criteria';
import { judge } from './evidence';
import { shortened } from './messages';
import type { Message } from './protocol';

/** What a criterion earns, and why. */
export interface Verdict {
  readonly id: string;
  readonly task: string;
  readonly points: number;
  readonly earned: number;
  /** Why it was not judged, if it was not: nothing is earned then. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

/** What a run has left to judge by. */
export interface Left {
  readonly messages: readonly Message[];
  /** The limit that it was stopped at. */
  readonly stopped: string | undefined;
  readonly seed: number;
  readonly size: LabSize;
}

/** Judges one criterion, here, by what a run has left. Nothing is thrown. */
export async function verdictOn(
  criterion: Criterion,
  points: number,
  { messages, stopped, seed, size }: Left,
): Promise<Verdict> {
  const { id } = criterion;
  const message = messages.find((one) => one.kind === 'evidence' && one.id === id);
  if (message?.kind !== 'evidence') {
    return unjudged(id, points, stopped ?? 'the run ended before it was looked at');
  }
  if (message.text === undefined) return unjudged(id, points, whyNone(message.error));
  try {
    const check = await judge(criterion, message.text, seed, size === 'small');
    const findings = check.findings.map((finding) =>
      finding.hint === undefined ? finding : { ...finding, hint: shortened(finding.hint) },
    );
    return { id, task: taskOf(id), points, earned: pointsFor(points, check), findings };
  } catch (error) {
    return unjudged(id, points, error instanceof Error ? error.message : String(error));
  }
}

/** No points, and why. */
export function unjudged(id: string, points: number, reason: string): Verdict {
  const told = shortened(reason.split('\n')[0]!);
  return { id, task: taskOf(id), points, earned: 0, findings: [], reason: told };
}

/** The task that a cell of the workbook belongs to: 1.2 for `task-1-2-lines-check`. */
export function taskOf(id: string): string {
  const [, part, task] = /^task-(\d)-(\d)-/.exec(id) ?? [];
  return `${part}.${task}`;
}

/** Why a criterion left no evidence, in words that a student can use. */
function whyNone(error = 'it left no evidence'): string {
  const missing = /Cannot find name '([^']+)'/.exec(error)?.[1];
  return missing === undefined ? error : `the notebook has no '${missing}'`;
}
