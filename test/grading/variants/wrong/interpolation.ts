import type { Wrong } from '../variant';

/** Wrong in one place of Task 1.2's function. */
export const interpolation: readonly Wrong[] = [
  {
    name: 't and 1 − t exchanged',
    kind: '1',
    changes: [
      ['task-1-2-interpolate', '.mul(t)', '.mul(T)'],
      ['task-1-2-interpolate', '.mul(1 - t)', '.mul(t)'],
      ['task-1-2-interpolate', '.mul(T)', '.mul(1 - t)'],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /which end belongs to t = 0/,
  },
  {
    name: 'a line that stops at its ends',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(Math.max(0, Math.min(1, t)))']],
    loses: 'task-1-2-interpolate-check',
    says: /t = 1\.5/,
  },
  {
    name: 'a state dict of NaN',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(NaN)']],
    loses: 'task-1-2-interpolate-check',
  },
  {
    name: 't² instead of t',
    kind: '1',
    changes: [
      ['task-1-2-interpolate', '.mul(t)', '.mul(t * t)'],
      ['task-1-2-interpolate', '.mul(1 - t)', '.mul(1 - t * t)'],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /at t = 0\.5 you are/,
  },
  {
    name: 'biases that stay behind',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t).add(', ".mul(name.endsWith('bias') ? 0 : t).add("]],
    loses: 'task-1-2-interpolate-check',
  },
  {
    name: 'a line through the origin instead of the second end',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(1 - t)', '.mul(0)']],
    loses: 'task-1-2-interpolate-check',
    says: /at t = 0 you are/,
  },
  {
    name: 'a state dict that is changed in place',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'return stateDict;',
        'for (const name of Object.keys(stateDict)) stateDictA[name] = stateDictA[name].clone();\n  return stateDict;',
      ],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /it changed its first state dict/,
  },
  {
    name: 'a tensor on its side',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'return stateDict;',
        'for (const n of Object.keys(stateDict)) stateDict[n] = stateDict[n].transpose();\n  return stateDict;',
      ],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /has shape \[7, 5\], not \[5, 7\]/,
  },
  {
    name: 'tensors by the names of the notebook',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'Object.keys(stateDictA)',
        "['layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias']",
      ],
    ],
    loses: 'task-1-2-interpolate-check',
  },
];
