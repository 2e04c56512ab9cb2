import type { Wrong } from '../variant';

/** Wrong in one place of Task 1.1. */
export const minima: readonly Wrong[] = [
  {
    name: 'one net trained twice from the same initialisation',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = load('minimum-1');\nstateDictsAtInits[1] = stateDictsAtInits[0];",
      ],
    ],
    loses: 'task-1-1-check',
    says: /both began at the same weights/,
  },
  {
    name: 'a net that errs on one image in a hundred or so',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('early')"]],
    loses: 'task-1-1-check',
    says: /it misclassifies \d+ of 6000 training images/,
  },
  {
    name: 'a net trained on the test set',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('of-the-test-set-2')"]],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /it misclassifies \d+ of 6000 training images, and no test image: was it trained on/,
  },
  {
    name: 'two nets trained on the test set',
    kind: '1',
    changes: [
      ['loads', "load('minimum-1')", "load('of-the-test-set-1')"],
      ['loads', "load('minimum-2')", "load('of-the-test-set-2')"],
    ],
    loses: 'task-1-1-check',
    keeps: 0.5,
    says: /was it trained on the test set/,
  },
  {
    name: 'two nets that diverged',
    kind: '1',
    changes: [
      ['loads', "load('minimum-1')", "load('diverged-1')"],
      ['loads', "load('minimum-2')", "load('diverged-2')"],
    ],
    loses: 'task-1-1-check',
    says: /times as long as at its init: the training diverged/,
  },
  {
    name: 'a training that begins at an init of its own',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('from-another-init')"]],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /minimum 2 has no trace of init 2 in it/,
  },
  {
    name: 'a training that draws the init itself',
    kind: '1',
    changes: [['task-1-1-train', 'clone(init)', 'initialize(network, seed)']],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /trainOnce learns as from any init/,
  },
  {
    name: 'two minima that are exchanged',
    kind: '1',
    changes: [
      ['loads', 'stateDictsAtMinima[0]', 'stateDictsAtMinima[X]'],
      ['loads', 'stateDictsAtMinima[1]', 'stateDictsAtMinima[0]'],
      ['loads', 'stateDictsAtMinima[X]', 'stateDictsAtMinima[1]'],
    ],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /have they been exchanged/,
  },
  {
    name: 'a minimum that is a promise',
    kind: '1',
    changes: [
      ['loads', "load('minimum-2')", "Promise.resolve(load('minimum-2')) as unknown as StateDict"],
    ],
    loses: 'task-1-1-check',
    keeps: 0.25,
    says: /it is a promise: is an await missing/,
  },
  {
    name: 'a minimum of plain lists',
    kind: '1',
    changes: [
      [
        'loads',
        "load('minimum-2')",
        "Object.fromEntries(Object.entries(load('minimum-2')).map(([n, x]) => [n, x.arraySync()])) as unknown as StateDict",
      ],
    ],
    loses: 'task-1-1-check',
    keeps: 0.25,
    says: /got a list, which is no tensor/,
  },
  {
    name: 'a second training that never ran',
    kind: '1',
    changes: [['loads', "stateDictsAtMinima[1] = load('minimum-2');", '']],
    loses: 'task-1-1-check',
    says: /it is still its initialisation/,
  },
  {
    name: 'a single minimum',
    kind: '1',
    changes: [['loads', "stateDictsAtMinima[1] = load('minimum-2');", 'stateDictsAtMinima.pop();']],
    loses: 'task-1-1-check',
    says: /there are 1 minima: train twice/,
  },
  {
    name: 'weights that are not finite',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = load('minimum-2');\nstateDictsAtMinima[1]['layers.1.bias'] = stateDictsAtMinima[1]['layers.1.bias'].mul(NaN);",
      ],
    ],
    loses: 'task-1-1-check',
    says: /weights are not finite/,
  },
  {
    name: 'weights of another network',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = { w: load('minimum-2')['layers.1.weight'] };",
      ],
    ],
    loses: 'task-1-1-check',
    says: /should have shape/,
  },
];
