import assert from 'node:assert/strict';
import { accuracyLevels, logLevels, usualClip, usualFloor } from '../../lib/plots/levels';

describe('contour levels', () => {
  it('are the finest round numbers that are no more than fourteen', () => {
    // Three decades: 1, 1.5, 2, 3, 5, 7 a decade would be 18, and 1, 2, 5 are 9.
    assert.deepEqual(logLevels(0.001, 1), [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    // Fifty decades: even one a decade is too many, so eight equal ratios.
    const wide = logLevels(1e-25, 1e25);
    assert.equal(wide.length, 8);
    assert.equal(wide.at(-1), 1e25);
  });

  it('are eight equal ratios where round numbers are fewer than six', () => {
    const levels = logLevels(1, 1.5);
    // 1.5^(1/8) = 1.0520, to three digits as the legend shows them.
    assert.deepEqual([levels.length, levels[0], levels.at(-1)], [8, 1.05, 1.5]);
    assert.deepEqual(logLevels(2, 2), []);
  });

  it('of accuracy are closer towards 1, without the lowest itself', () => {
    assert.deepEqual(accuracyLevels(0.9, 0.98), [0.95, 0.98]);
  });

  it('begin at 2 % of the values and end at the round number above 90 %', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    assert.equal(usualFloor(values), 2);
    assert.equal(usualClip(values.map((value) => value / 3)), 50, '90 / 3 is 30; then 50');
  });
});
