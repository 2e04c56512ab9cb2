import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import type { Schedule } from '../../lib/optim';
import {
  constantLR,
  cosineAnnealingLR,
  linearWarmup,
  multiStepLR,
  stepLR,
} from '../../lib/optim/schedules';
import { assertClose } from '../close';
import fixtures from './fixtures.json';

const schedules: Record<keyof typeof fixtures.rates, Schedule> = {
  constantLR,
  'stepLR 1': stepLR({ stepSize: 1, gamma: 0.9 }),
  'stepLR 7 default gamma': stepLR({ stepSize: 7 }),
  'multiStepLR 3 10 10 17': multiStepLR({ milestones: [10, 3, 10, 17], gamma: 0.5 }),
  'cosineAnnealingLR 24': cosineAnnealingLR({ epochs: 24 }),
  'cosineAnnealingLR 10 and beyond': cosineAnnealingLR({ epochs: 10, minimumFactor: 0.2 }),
  'linearWarmup 5': linearWarmup(5),
  'linearWarmup 4, cosineAnnealingLR 20': linearWarmup(4, cosineAnnealingLR({ epochs: 20 }), 0.1),
  'linearWarmup 6, stepLR 4': linearWarmup(6, stepLR({ stepSize: 4, gamma: 0.3 })),
  'linearWarmup 3, multiStepLR 2 9': linearWarmup(3, multiStepLR({ milestones: [2, 9] }), 0.5),
};

describe(`schedules against torch ${fixtures.torch}`, () => {
  for (const [name, rates] of Object.entries(fixtures.rates)) {
    it(`${name}: the rate of each of ${rates.length} epochs`, () => {
      const schedule = schedules[name as keyof typeof schedules];
      const ours = rates.map((_, epoch) => fixtures.baseRate * schedule(epoch));
      // Both in double precision; torch multiplies rate by rate, so its rounding adds up.
      assertClose(ours, rates, { relative: 1e-12, absolute: 1e-15 });
    });
  }

  it('answers for any epoch in any order, as a resumed training asks', () => {
    const schedule = linearWarmup(4, cosineAnnealingLR({ epochs: 20 }), 0.1);
    const forward = Array.from({ length: 24 }, (_, epoch) => schedule(epoch));
    const backward = Array.from({ length: 24 }, (_, k) => schedule(23 - k));
    assert.deepEqual(backward.reverse(), forward);
  });

  it('takes the smallest of what is allowed', () => {
    assert.equal(multiStepLR({ milestones: [0], gamma: 0.5 })(0), 0.5, '0 is reached at once');
    assert.equal(stepLR({ stepSize: 1, gamma: 0.5 })(1), 0.5);
    assert.equal(linearWarmup(1, constantLR, 0)(0), 0);
  });

  it('begins the schedule behind a warm-up at the epoch after it', () => {
    const next = multiStepLR({ milestones: [0, 1], gamma: 0.5 });
    assert.deepEqual([0, 1, 2, 3].map(linearWarmup(2, next, 0)), [0, 0.5, 0.5, 0.25]);
  });

  it('takes 1 for a minimum and for a start: the rate stays', () => {
    const flat = cosineAnnealingLR({ epochs: 4, minimumFactor: 1 });
    assert.deepEqual([0, 1, 4].map(flat), [1, 1, 1]);
    assert.deepEqual([0, 1, 4].map(linearWarmup(3, constantLR, 1)), [1, 1, 1]);
  });

  const bad: [string, () => Schedule, RegExp][] = [
    ['stepSize 0', () => stepLR({ stepSize: 0 }), /^stepLR: stepSize must/],
    ['γ NaN', () => stepLR({ stepSize: 1, gamma: Number.NaN }), /^stepLR: gamma must/],
    [
      'γ of milestones ∞',
      () => multiStepLR({ milestones: [], gamma: Infinity }),
      /^multiStepLR: gamma must/,
    ],
    ['milestone −1', () => multiStepLR({ milestones: [-1] }), /^multiStepLR: milestones must/],
    ['milestone 1.5', () => multiStepLR({ milestones: [1.5] }), /^multiStepLR: milestones must/],
    ['no epochs', () => cosineAnnealingLR({ epochs: 0 }), /^cosineAnnealingLR: epochs must/],
    [
      'a minimum above 1',
      () => cosineAnnealingLR({ epochs: 1, minimumFactor: 1.5 }),
      /^cosineAnnealingLR: minimumFactor must be at least 0 and at most 1, got 1\.5/,
    ],
    ['a warm-up of 0', () => linearWarmup(0), /^linearWarmup: epochs must/],
    ['a start below 0', () => linearWarmup(1, constantLR, -1), /^linearWarmup: start must/],
  ];
  for (const [what, make, message] of bad) {
    it(`${what} is refused`, () => {
      assert.throws(make, (error) => error instanceof InputError && message.test(error.message));
    });
  }
});
