import type { Grade } from '../judge/grade';
import type { Verdict } from '../judge/verdict';

/** How a class did on one criterion; counted are those who handed in its task. */
export interface OfCriterion extends Pick<Verdict, 'id' | 'task'> {
  readonly handedIn: number;
  readonly full: number;
  readonly part: number;
  readonly none: number;
  /** Of its points, from 0 to 1. */
  readonly share: number;
}

/** How a class did on one thing that must hold; counted are those of whom it was asked. */
export interface OfFinding extends Pick<Verdict, 'id' | 'task'> {
  readonly what: string;
  readonly met: number;
  readonly missed: number;
  readonly unanswered: number;
  /** The hints that were given, the commonest first, alike but for their numbers. */
  readonly hints: readonly { readonly hint: string; readonly count: number }[];
}

/** What a criterion that was not judged has missed; the reason is its hint. */
const JUDGEABLE = 'there is something to judge';

/** The verdicts on tasks that were handed in: a task that nobody handed in was not handed out. */
function handedIn({ verdicts, notebooks }: Grade): readonly Verdict[] {
  const tasks = new Set(notebooks.flatMap((one) => one.tasks ?? []));
  return verdicts.filter(({ task, findings }) => tasks.has(task) || findings.length > 0);
}

/** Each criterion of the tasks that were handed out, the hardest first. */
export function criteriaOf(grades: readonly Grade[]): OfCriterion[] {
  return grouped(grades.flatMap(handedIn), ({ id }) => id)
    .map((all) => {
      const points = sumOf(all.map((one) => one.points));
      const full = all.filter((one) => one.earned === one.points).length;
      const none = all.filter((one) => one.earned === 0).length;
      return {
        ...{ id: all[0]!.id, task: all[0]!.task, handedIn: all.length },
        ...{ full, none, part: all.filter(({ earned }) => earned > 0).length - full },
        share: points === 0 ? 0 : sumOf(all.map((one) => one.earned)) / points,
      };
    })
    .sort((a, b) => a.share - b.share);
}

/** What some of the class have missed or not answered, what most have missed first. */
export function findingsOf(grades: readonly Grade[]): OfFinding[] {
  const all = grades.flatMap(handedIn).flatMap(({ id, task, findings, reason }) => {
    const unjudged = { what: JUDGEABLE, verdict: 'fails', hint: reason } as const;
    return [...findings, ...(reason === undefined ? [] : [unjudged])].map((finding) => {
      return { id, task, ...finding };
    });
  });
  return grouped(all, ({ id, what }) => `${id} ${what}`)
    .map((alike) => {
      const count = (verdict: string) => alike.filter((one) => one.verdict === verdict).length;
      const hints = alike.flatMap(({ verdict, hint }) =>
        verdict === 'fails' && hint !== undefined ? [hint] : [],
      );
      const byWords = grouped(hints, (hint) => hint.replaceAll(/[\d.,e+-]*\d/g, '0'))
        .map((some) => ({ hint: some[0]!, count: some.length }))
        .sort((a, b) => b.count - a.count);
      const { id, task, what } = alike[0]!;
      const counts = { met: count('holds'), missed: count('fails') };
      return { id, task, what, ...counts, unanswered: count('not answered'), hints: byWords };
    })
    .filter(({ missed, unanswered }) => missed + unanswered > 0)
    .sort((a, b) => b.missed - a.missed || b.unanswered - a.unanswered);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
