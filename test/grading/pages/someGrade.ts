import type { Grade } from '../../../lib/grading/judge/grade';

/** One whose texts would be formulas, tags and scripts where they are not made harmless. */
export const grade: Grade = {
  student: '=cmd|"x"',
  time: 0,
  earned: 0.5,
  most: 1,
  verdicts: [
    {
      id: 'task-1-1-check',
      task: '1.1',
      points: 1,
      earned: 0.5,
      findings: [{ what: '<b>', verdict: 'fails', hint: 'look' }],
    },
  ],
  written: [{ id: 'w', task: '1.2', points: 0.5, text: '<script>alert(1)</script>' }],
  notebooks: [
    {
      file: 'part-1.ipynb',
      errors: { a: '<img src=x>' },
      outputs: { b: ['<svg onload="alert(1)"></svg>', '<table onclick="alert(2)"></table>'] },
    },
  ],
};
