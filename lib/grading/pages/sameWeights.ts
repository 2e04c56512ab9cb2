import type { Grade } from '../judge/grade';
import { taskOf, type Verdict } from '../judge/verdict';

/** Students whose weights are the same to the bit, by where they began; those began apart. */
export interface SameWeights extends Pick<Verdict, 'id' | 'task'> {
  readonly students: readonly (readonly string[])[];
}

/** Some weights of a student's, and where the training of a criterion began. */
interface Ended {
  readonly student: string;
  readonly id: string;
  readonly weights: string;
  readonly began: readonly string[];
  readonly ownSeeds: boolean;
}

/**
 * What two students cannot both have come to: the same trained weights from different places, or from
 * seeds that are not the workbook's. Whoever keeps the workbook's seeds and does the same as another
 * has the same weights as he, because a training is a function of its settings; these are left out.
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
  // Two minima are often the same together.
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** Those together that have a place in common where they began; the fewest first. */
function byOrigin(group: readonly Ended[]): Ended[][] {
  const ways: Ended[][] = [];
  for (const one of group) {
    const isNear = ({ began }: Ended) => began.some((place) => one.began.includes(place));
    const way = ways.find((some) => some.some(isNear));
    if (way) way.push(one);
    else ways.push([one]);
  }
  return ways.sort((a, b) => a.length - b.length);
}
