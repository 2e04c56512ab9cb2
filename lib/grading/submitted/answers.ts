/**
 * The cells that hold answers, by their notebooks. They stand here because a student's checkout has no
 * other copy of a notebook from which a cell was deleted.
 */
export const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  'part-0.ipynb': [],
  'part-1.ipynb': [
    ...['task-1-1-train', 'task-1-2-interpolate', 'task-1-2-modes', 'task-1-2-evaluate'],
    'task-1-2-answer',
  ],
  'part-2.ipynb': [
    ...['task-2-1-answer', 'task-2-1-function', 'task-2-2-gradient', 'task-2-2-fit'],
    ...['task-2-2-answer', 'task-2-3-basis', 'task-2-4-grid', 'task-2-4-answer'],
  ],
  'part-3.1.ipynb': ['task-3-1-networks', 'task-3-1-measure', 'task-3-1-answer'],
  'part-3.2.ipynb': [
    ...['task-3-2-train', 'task-3-2-evaluate', 'task-3-2-bend', 'task-3-2-answer'],
  ],
  'part-4.1.ipynb': [
    ...['task-4-1-product-function', 'task-4-1-power-function', 'task-4-1-symmetry-function'],
    'task-4-1-index-function',
  ],
  'part-4.2.ipynb': [
    ...['task-4-2-a-permute', 'task-4-2-b-costs', 'task-4-2-c-barrier', 'task-4-2-d-bezier'],
    'task-4-2-e-share',
  ],
};
