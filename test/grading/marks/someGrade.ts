import type { Grade } from '../../../lib/grading/judge/grade';

/** One with two answers in words, of which the second is empty. */
export const gradeOf = (student: string, text = 'because'): Grade => ({
  student,
  time: 0,
  earned: 1.5,
  most: 2,
  verdicts: [],
  written: [
    { id: 'task-1-2-answer', task: '1.2', points: 0.5, text },
    { id: 'task-2-1-answer', task: '2.1', points: 1, text: '' },
  ],
  notebooks: [],
});
