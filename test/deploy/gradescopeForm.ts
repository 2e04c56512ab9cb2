import * as v from 'valibot';

/**
 * `results.json` as Gradescope documents it: gradescope-autograders.readthedocs.io, "Autograder
 * Specifications", and gradescope/autograder_samples, docs/specs.md. Anything else is a mistake.
 */
const visibility = v.picklist(['hidden', 'after_due_date', 'after_published', 'visible']);
const format = v.picklist(['text', 'html', 'simple_format', 'md', 'ansi']);
const score = v.pipe(v.number(), v.finite());

const test = v.strictObject({
  score: v.optional(score),
  max_score: v.optional(score),
  status: v.optional(v.picklist(['passed', 'failed'])),
  name: v.optional(v.string()),
  name_format: v.optional(format),
  number: v.optional(v.string()),
  output: v.optional(v.string()),
  output_format: v.optional(format),
  tags: v.optional(v.array(v.string())),
  visibility: v.optional(visibility),
  extra_data: v.optional(v.record(v.string(), v.unknown())),
});

export const gradescopeForm = v.pipe(
  v.strictObject({
    score: v.optional(score),
    execution_time: v.optional(score),
    output: v.optional(v.string()),
    output_format: v.optional(format),
    test_output_format: v.optional(format),
    test_name_format: v.optional(format),
    visibility: v.optional(visibility),
    stdout_visibility: v.optional(visibility),
    extra_data: v.optional(v.record(v.string(), v.unknown())),
    tests: v.optional(v.array(test)),
    leaderboard: v.optional(v.array(v.record(v.string(), v.unknown()))),
  }),
  // Points stand above all tests, or at each of them.
  v.check(
    ({ score: all, tests = [] }) =>
      all !== undefined || (tests.length > 0 && tests.every((one) => one.score !== undefined)),
    'neither a score nor one of each test',
  ),
);
