/**
 * The bars of each criterion that the workbook's check cell states as well, at either size; a test
 * holds the two together.
 */
export const bars = {
  'task-1-1-check': () => ({ leastAccuracy: 1 }),
  'task-2-2-check': (small: boolean) => ({
    share: small ? 0.3 : 0.1,
    leastAccuracy: small ? 0.97 : 0.99,
  }),
  'task-3-2-minima-check': (small: boolean) => ({ leastAccuracy: small ? 0.3 : 0.99 }),
  'task-3-2-bend-check': (small: boolean) => ({
    share: small ? 0.8 : 0.1,
    leastAccuracy: small ? 0.2 : 0.95,
  }),
};

/** The seeds of two trainings that the settings of the criterion's part state; a test holds the two together. */
export const givenSeeds: Readonly<Record<string, readonly number[]>> = {
  'task-1-1-check': [42, 43],
  'task-3-2-minima-check': [1, 2],
};
