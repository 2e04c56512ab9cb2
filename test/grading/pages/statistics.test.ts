import assert from 'node:assert/strict';
import type { Finding } from '../../../lib/checks';
import type { Grade } from '../../../lib/grading/judge/grade';
import { unjudged, type Verdict } from '../../../lib/grading/judge/verdict';
import { overviewPage } from '../../../lib/grading/pages/overviewPage';
import { criteriaOf, findingsOf } from '../../../lib/grading/pages/statistics';

/** Ten students with Part 1, the last of whom has nothing of it; Part 2 was not handed out. */
const CLASS = Array.from({ length: 10 }, (_, i) => i);
const LINES = 'task-1-2-lines-check';
const MINIMA = 'task-1-1-check';
const tasks = {
  '1.1': { name: 'two minima', isExtra: false },
  '1.2': { name: 'four straight lines', isExtra: false },
  '2.1': { name: 'a chain', isExtra: false },
};

/** The first six have the line the wrong way round, two of them have not trained; the ninth wrote nothing. */
function verdictsOf(i: number): Verdict[] {
  if (i === 9) return [MINIMA, LINES].map((id) => unjudged(id, 1, 'no notebook was handed in'));
  const ends: Finding =
    i < 6
      ? { what: 'w(1) = w_a', verdict: 'fails', hint: `it is ${i}.5e-3 away: which end is first?` }
      : { what: 'w(1) = w_a', verdict: i === 8 ? 'not answered' : 'holds' };
  const line = { id: LINES, task: '1.2', points: 1, earned: i < 6 || i === 8 ? 0.5 : 1 };
  const minima =
    i < 2
      ? unjudged(MINIMA, 1, "the notebook has no 'minima'")
      : {
          id: MINIMA,
          task: '1.1',
          points: 1,
          earned: 1,
          findings: [{ what: 'm', verdict: 'holds' as const }],
        };
  return [minima, { ...line, findings: [ends, { what: 't runs to 1.5', verdict: 'holds' }] }];
}

const grades = CLASS.map((i): Grade => {
  const verdicts = [...verdictsOf(i), unjudged('task-2-1-check', 1, 'no notebook with Task 2.1')];
  const notebook = { file: 'part-1.ipynb', errors: {}, outputs: {}, tasks: ['1.1', '1.2'] };
  const notebooks = i === 9 ? [] : [notebook];
  return { student: `student ${i}`, time: 0, earned: 0, most: 3, verdicts, written: [], notebooks };
});

describe('statistics of a class', () => {
  it('have the hint that most have hit at the top, whatever its numbers are', () => {
    const [first, second, ...others] = findingsOf(grades);
    assert.deepEqual(first, {
      ...{ id: LINES, task: '1.2', what: 'w(1) = w_a', met: 2, missed: 6, unanswered: 1 },
      hints: [{ hint: 'it is 0.5e-3 away: which end is first?', count: 6 }],
    });
    assert.deepEqual([second!.id, second!.missed], [MINIMA, 2]);
    assert.deepEqual(second!.hints, [{ hint: "the notebook has no 'minima'", count: 2 }]);
    assert.deepEqual(others, [], 'nobody has missed the others');
  });

  it('count those who handed in the task, and leave out a task that nobody did', () => {
    assert.deepEqual(
      criteriaOf(grades).map(({ id, handedIn, full, part, none }) => [
        id,
        handedIn,
        full,
        part,
        none,
      ]),
      [
        [LINES, 9, 2, 7, 0],
        [MINIMA, 9, 7, 0, 2],
      ],
    );
  });

  it('stand on the overview in words', () => {
    const page = overviewPage(grades, {}, tasks)
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    // 2 of 9, and 7 of 9.
    assert.match(
      page,
      /1\.2 four straight lines: lines: w\(1\) = w_a 6 ×: it is 0\.5e-3 away: which end is first\? 2 6 1 22 %/,
    );
    assert.match(page, /1\.1 two minima 7 0 2 78 %/);
    assert.doesNotMatch(page, /a chain|task-\d/);
    assert.match(overviewPage([], {}, tasks), /Nothing was missed/);
  });
});
