import type { Wrong } from '../variant';

/** Wrong in one place of Task 2.2: θ. */
export const bend: readonly Wrong[] = [
  {
    name: 'a θ that was never trained',
    kind: '2',
    changes: [['loads', "load('theta')", 'midpoint']],
    loses: 'task-2-2-check',
  },
  {
    name: 'a θ at one of the minima',
    kind: '2',
    changes: [['loads', "load('theta')", 'w1']],
    loses: 'task-2-2-check',
    says: /of \|w₂ − w₁\| away from it/,
  },
  {
    name: 'a θ drawn at random',
    kind: '2',
    changes: [['loads', "load('theta')", 'initialize(network, 5)']],
    loses: 'task-2-2-check',
    says: /the chain rises by/,
  },
  {
    name: 'a θ that ran away',
    kind: '2',
    changes: [['loads', "load('theta')", "named(names.map((n) => load('theta')[n].mul(40)))"]],
    loses: 'task-2-2-check',
    says: /climbed: the chain rises by .* nats, the line by .* is the learning rate small enough/,
  },
  {
    name: 'a θ that is not finite',
    kind: '2',
    changes: [['loads', "load('theta')", "named(names.map((n) => load('theta')[n].mul(NaN)))"]],
    loses: 'task-2-2-check',
    says: /not finite/,
  },
  {
    name: 'a θ that is no state dict',
    kind: '2',
    changes: [['loads', "load('theta')", "'theta' as unknown as StateDict"]],
    loses: 'task-2-2-check',
    says: /should have shape .* got nothing/,
  },
];
