import type { EndsOfModes } from '../../lib/checks';

/** Task 1.2's four lines, as they are right. */
export const ends: EndsOfModes = ([m1, m2], [i1, i2]) => ({
  linear_combination_of_two_minima: [m1!, m2!],
  linear_combination_of_minimum_and_init: [m1!, i1!],
  linear_combination_of_minimum_and_random: [m1!, i2!],
  linear_combination_of_two_randoms: [i1!, i2!],
});
