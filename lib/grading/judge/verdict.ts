import { type Finding, pointsFor } from '../../checks';
import { remedyOf } from '../../checks/check';
import type { LabSize } from '../../notebook/lab';
import type { Criterion } from '../evidence/criteria';
import { judge } from '../evidence/judge';
import { shortened } from '../sandbox/messages';
import { GIVEN, type Message, nameNotFound, OCCASIONS } from '../sandbox/runner/protocol';
import type { Questions } from './questions';
import { seedOf } from './seedOf';

/** What a criterion earns, and why. */
export interface Verdict {
  readonly id: string;
  readonly task: string;
  readonly points: number;
  readonly earned: number;
  /** Why it was not judged, if it was not: nothing is earned then. */
  readonly reason?: string;
  /** What a person should know of how it was judged. */
  readonly note?: string;
  readonly findings: readonly Finding[];
}

type Evidence = Extract<Message, { kind: 'evidence' }>;

/** What a run has left to judge by. */
export interface Left {
  readonly messages: readonly Message[];
  /** The cells that were carried out. */
  readonly cells: readonly { readonly id: string; readonly code: string }[];
  /** The limit that it was stopped at. */
  readonly stopped: string | undefined;
  readonly seed: number;
  readonly size: LabSize;
  /** Where it is noted what the checks ask. */
  readonly questions?: Questions;
}

/**
 * Judges one criterion, here, by what a run has left: the best that any occasion gives. Nothing is
 * thrown.
 */
export async function verdictOn(
  criterion: Criterion,
  points: number,
  left: Left,
): Promise<Verdict> {
  const { id } = criterion;
  const { messages, stopped } = left;
  const all = messages.filter((one): one is Evidence => one.kind === 'evidence' && one.id === id);
  let best: Verdict | undefined;
  for (const occasion of OCCASIONS) {
    const message = all.find((one) => one.occasion === occasion);
    if (message === undefined) continue;
    const verdict = await verdictOf(message, criterion, points, left);
    if (best === undefined || better(verdict, best)) best = verdict;
    if (best.earned === points) break;
  }
  return best ?? unjudged(id, points, stopped ?? 'the run ended before it was looked at');
}

async function verdictOf(
  { text, error, occasion }: Evidence,
  criterion: Criterion,
  points: number,
  left: Left,
): Promise<Verdict> {
  const { id } = criterion;
  if (text === undefined) return unjudged(id, points, whyNone(error, left));
  const question = left.questions?.on(id, occasion);
  try {
    const why = (name: string) => whyAbsent(name, left);
    const [seed, small] = [seedOf(left.seed, id), left.size === 'small'];
    const check = await judge(criterion, text, seed, small, why, question?.heard);
    const findings = check.findings.map((finding) =>
      finding.hint === undefined ? finding : { ...finding, hint: shortened(finding.hint) },
    );
    const earned = pointsFor(points, check);
    const note = occasion === GIVEN ? { note: `judged ${occasion}` } : {};
    return { id, task: taskOf(id), points, earned, findings, ...note };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unjudged(id, points, `${reason.split('\n')[0]}${remedyOf(reason)}`);
  } finally {
    question?.end();
  }
}

/** Whether a verdict is the better one for the student, or says more for the same points. */
function better(a: Verdict, b: Verdict): boolean {
  if (a.earned !== b.earned) return a.earned > b.earned;
  return a.findings.length > b.findings.length;
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
function whyNone(error = 'it left no evidence', left: Left): string {
  const missing = nameNotFound(error);
  return missing === undefined ? error : whyAbsent(missing, left);
}

/** Why the notebook has nothing of a name. */
function whyAbsent(missing: string, { messages, cells }: Left): string {
  const named = new RegExp(`\\b${missing.replaceAll('$', '\\$')}\\b`);
  // Not one that wanted the name itself.
  const failed = messages.find(
    (one) =>
      one.kind === 'cell' &&
      one.error !== undefined &&
      nameNotFound(one.error) !== missing &&
      cells.some(({ id, code }) => id === one.id && named.test(code)),
  );
  if (failed?.kind !== 'cell') return `the notebook has no '${missing}'`;
  return `there is no '${missing}', because cell ${failed.id} failed: ${failed.error}`;
}
