import type { Grade } from '../judge/grade';
import { taskOf, type Verdict } from '../judge/verdict';

/** Students who have nets that are the same to the bit, by where these began; those began apart. */
export interface SameWeights extends Pick<Verdict, 'id' | 'task'> {
  readonly students: readonly (readonly string[])[];
  /** How many nets these students have in common so. */
  readonly nets: number;
}

/** A net of a student's: its weights, and where its training began. */
interface Ended {
  readonly student: string;
  readonly id: string;
  readonly weights: string;
  readonly began: readonly string[];
  readonly ownSeeds: boolean;
}

/**
 * Nets that two students have, net by net: trained from different places, to which no two honest
 * trainings come; or from the same seeds where these are not the workbook's, to which two come who chose
 * the same. Whoever keeps the workbook's seeds and does the same as another has the same weights,
 * because a training is a function of its settings; these are left out.
 */
export function sameWeights(grades: readonly Grade[]): SameWeights[] {
  const all = grades.flatMap(({ student, notebooks }) =>
    notebooks
      .flatMap(({ traces = [] }) => traces)
      .flatMap(({ ended, ...from }) =>
        ended.map((weights): Ended => ({ student, weights, ...from })),
      ),
  );
  const groups = new Map<string, Ended[]>();
  for (const one of all.filter(({ began }) => began.length > 0)) {
    const key = `${one.id} ${one.weights}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const found = [...groups.values()].flatMap((group) => {
    const { id } = group[0]!;
    const ways = byOrigin(group);
    const students = ways.map((way) => [...new Set(way.map(({ student }) => student))].sort());
    const isShared = new Set(students.flat()).size > 1;
    const isOdd = ways.length > 1 || group.every(({ ownSeeds }) => ownSeeds);
    return isShared && isOdd ? [{ id, task: taskOf(id), students }] : [];
  });
  const counted = new Map<string, SameWeights>();
  for (const one of found) {
    const key = JSON.stringify(one);
    counted.set(key, { ...one, nets: (counted.get(key)?.nets ?? 0) + 1 });
  }
  return [...counted.values()];
}

/** Those together that began at one place; the fewest first. */
function byOrigin(group: readonly Ended[]): Ended[][] {
  const ways: Ended[][] = [];
  for (const one of group) {
    const way = ways.find((some) => some.some((other) => beganTogether(one.began, other.began)));
    if (way) way.push(one);
    else ways.push([one]);
  }
  return ways.sort((a, b) => a.length - b.length);
}

/** Whoever keeps nets in another order than their initialisations has begun where the others did. */
function beganTogether(some: readonly string[], others: readonly string[]): boolean {
  return some[0] === others[0] || String([...some].sort()) === String([...others].sort());
}
