import * as tf from '@tensorflow/tfjs';
import { InputError, NOT_ANSWERED } from '../errors';
import { labOfNotebook } from '../notebook/labOfNotebook';
import { escapeHtml } from '../text';
import { keepVerdict } from './verdicts';

/** One thing that must hold of an answer. */
export interface Finding {
  /** What must hold, in words of the mathematics. */
  readonly what: string;
  readonly verdict: 'holds' | 'fails' | 'not answered';
  /** Where it fails, what is there instead and where to look; never the answer. */
  readonly hint?: string;
}

/** Which check it is: a task may have several. */
export interface CheckName {
  /** The task's name, such as `1.2`. */
  readonly task: string;
  /** That of the function that checks, such as `checkLines`; unset of a check of one's own. */
  readonly name?: string;
}

/** What holds of an answer and what does not; a notebook shows it as a list. */
export interface Check extends CheckName {
  readonly findings: readonly Finding[];
}

/** Judges one thing: nothing when it holds, a hint when it does not; it may look at what is found. */
export type Judge = (
  before: readonly Finding[],
) => string | undefined | Promise<string | undefined>;

/** Of what shows only in an answer that is right otherwise. */
export const LATER = 'that shows once half of the rest is right';

/**
 * Ends a judge that finds nothing to judge.
 *
 * @param unless what is amiss if there is an answer
 */
export function notAnswered(unless: string): never {
  throw new Error(`${NOT_ANSWERED}; ${unless}`);
}

/**
 * What an answer returned, if it has all of these fields.
 *
 * @throws InputError that names the first one that is missing
 */
export function withFields<T extends object>(value: T, ...names: (keyof T & string)[]): T {
  const all = `{ ${names.join(', ')} }`;
  if (value instanceof Promise) {
    throw new InputError(`it returns a promise, not ${all}: this function must not be async`);
  }
  if (typeof value !== 'object' || value === null) {
    throw new InputError(`it returns ${value}, not ${all}: does it end with a return?`);
  }
  const missing = names.find((name) => value[name] === undefined);
  if (missing === undefined) return value;
  throw new InputError(`there is no ${missing} in what it returns: expected ${all}`);
}

/**
 * Asks every judge in turn. What a student's code throws is a finding as well, so one mistake
 * hides no other. A judge disposes what it makes, see `tidily`. In a notebook that has opened the
 * lab, a check with a name keeps what it found, for `standing` and `hint`.
 *
 * @param of the task's name, such as `1.2`, alone or with the check's
 * @param judges by what must hold, a function that gives nothing when it does, and a hint when it
 *   does not
 * @example
 * ```ts
 * const norms = await check('my task', { 'a has length 5': () => (norm(a) === 5 ? undefined : `it has length ${norm(a)}`) });
 * norms.findings[0]; // → { what: 'a has length 5', verdict: 'holds' }
 * ```
 */
export async function check(
  of: string | CheckName,
  judges: Readonly<Record<string, Judge>>,
): Promise<Check> {
  const findings: Finding[] = [];
  for (const [what, judge] of Object.entries(judges)) {
    const finding = await findingOf(what, () => judge(findings));
    const { hint, ...bare } = finding;
    const first = findings.find((one) => hint !== undefined && one.hint === hint);
    if (first === undefined) findings.push(finding);
    else {
      const same = `the same as for “${first.what}”`;
      findings.push(bare.verdict === 'fails' ? { ...bare, hint: same } : bare);
    }
  }
  const found = { ...(typeof of === 'string' ? { task: of } : of), findings };
  keep(found);
  return shown(found);
}

/** Only a check with a name: one of one's own may be about anything. */
function keep({ task, name, findings }: Check): void {
  const lab = labOfNotebook();
  if (lab === undefined || name === undefined) return;
  keepVerdict(lab.folder, { task, name, holding: holding(findings), findings: findings.length });
}

/** How many hold. */
export function holding(findings: readonly Finding[]): number {
  return findings.filter(({ verdict }) => verdict === 'holds').length;
}

async function findingOf(what: string, judge: () => ReturnType<Judge>): Promise<Finding> {
  try {
    const hint = await judge();
    return hint === undefined ? { what, verdict: 'holds' } : { what, verdict: 'fails', hint };
  } catch (error) {
    if (error instanceof Error && error.name === 'Interrupted') throw error;
    return thrown(what, error);
  }
}

/** What an answer returns; a promise also of what it throws before it returns one. */
export async function asking<T>(answer: () => Promise<T>): Promise<T> {
  return await answer();
}

/**
 * Asks of each thing, once, and one after the other: an answer that cannot be asked twice at a time
 * is none the worse for it.
 */
export function askingOfEach<T, A>(
  things: readonly T[],
  ask: (thing: T, k: number) => Promise<A>,
): () => Promise<A[]> {
  let asked: Promise<A>[] | undefined;
  return async () => {
    if (asked === undefined) {
      asked = [];
      for (const [k, thing] of things.entries()) {
        const answer = asking(() => ask(thing, k));
        asked.push(answer);
        await answer;
      }
    }
    return await Promise.all(asked);
  };
}

/** A judge whose tensors are disposed when it is done, also those that the answer made. */
export function tidily(judge: () => string | undefined): Judge {
  return () => {
    let hint: string | undefined;
    tf.tidy(() => {
      hint = judge();
    });
    return hint;
  };
}

function thrown(what: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (message === NOT_ANSWERED) return { what, verdict: 'not answered' };
  if (message.startsWith(`${NOT_ANSWERED}; `)) {
    return { what, verdict: 'not answered', hint: message.slice(NOT_ANSWERED.length + 2) };
  }
  const kind = error instanceof InputError ? '' : 'your code threw: ';
  return { what, verdict: 'fails', hint: `${kind}${message.split('\n')[0]}${remedyOf(message)}` };
}

/** What a message of tfjs means here. */
export function remedyOf(message: string): string {
  if (!message.startsWith('Tensor is disposed')) return '';
  return (
    ' It was made inside of tf.tidy and not returned from it, or it is of weights that were trained ' +
    'on or disposed: clone them before, and run the cell again that made them.'
  );
}

/** How a verdict is shown, before its words. */
export const SIGNS = { holds: '✓', fails: '✗', 'not answered': '…' } as const;
const COLOURS = { holds: '#1a7f37', fails: '#b35900', 'not answered': '#767676' } as const;

/** A finding in words, without its sign. */
export function findingText({ what, verdict, hint }: Finding): string {
  const told = [verdict === 'not answered' ? NOT_ANSWERED : '', hint].filter(Boolean);
  return told.length > 0 ? `${what}: ${told.join('; ')}` : what;
}

/** One line where nothing is answered; of `notAnswered`'s words the first are kept. */
function inShort(findings: readonly Finding[]): readonly Finding[] {
  const [first] = findings;
  if (!first || findings.some(({ verdict }) => verdict !== 'not answered')) return findings;
  return [{ ...first, what: 'all of it' }];
}

/**
 * The check as a notebook shows it, under a heading: signs and words first, colour only beside
 * them.
 */
export function shown({ findings, ...of }: Check, heading = `Task ${of.task}`): Check {
  const told = inShort(findings);
  const lines = told.map((finding) => `${SIGNS[finding.verdict]} ${findingText(finding)}`);
  const items = told.map((finding) => {
    const sign = `<b style="color:${COLOURS[finding.verdict]}">${SIGNS[finding.verdict]}</b>`;
    return `<div>${sign} ${escapeHtml(findingText(finding))}</div>`;
  });
  const bundle = {
    'text/html': `<div><b>${escapeHtml(heading)}</b>${items.join('')}</div>`,
    'text/plain': [heading, ...lines].join('\n'),
  };
  return { ...of, findings, [Symbol.for('Jupyter.display')]: () => bundle } as Check;
}
