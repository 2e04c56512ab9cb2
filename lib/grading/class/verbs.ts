import { InputError } from '../../errors';

/** What is done with folders of grades, where nothing is to be graded. */
const EXAMPLES = {
  mark: '--mark grades',
  merge: '--merge grades-1 grades-2',
  rejudge: '--rejudge grades --why "the bar of Task 2.2 is 0.4 now"',
  feedback: '--feedback grades',
} as const;

export type FolderVerb = keyof typeof EXAMPLES;

/** Options that say how submissions are carried out, or whose they are. */
const OF_GRADING = [
  'size',
  'seed',
  'use-saved',
  'shard',
  'roster',
  'assignment',
  'unprotected',
  'as',
];

/** A command that does it. */
export const exampleOf = (verb: FolderVerb) => `npm run grade -- ${EXAMPLES[verb]}`;

/**
 * What is to be done with folders of grades, if not to grade.
 *
 * @param given the options that were given
 * @throws InputError on two of them, or an option that would do nothing
 */
export function folderVerbOf(given: readonly string[]): FolderVerb | undefined {
  const [verb, other] = (Object.keys(EXAMPLES) as FolderVerb[]).filter((one) =>
    given.includes(one),
  );
  if (other !== undefined) throw new InputError(`grade: --${verb} or --${other}, not both`);
  const idle = given.find((one) =>
    one === 'why' ? verb !== 'rejudge' : verb !== undefined && OF_GRADING.includes(one),
  );
  if (idle !== undefined) {
    const where = idle === 'why' ? 'with --rejudge alone' : 'where submissions are graded';
    throw new InputError(
      `grade: --${idle} does something ${where}${verb ? `, not with --${verb}` : ''}; leave it out`,
    );
  }
  if (given.includes('assignment') && !given.includes('roster')) {
    throw new InputError(
      'grade: --assignment names the lab in the gradebook of a --roster; say which, or leave it out',
    );
  }
  return verb;
}

/** @throws InputError unless there is one */
export function oneFolder(folders: readonly string[], verb: FolderVerb): string {
  if (folders.length === 1) return folders[0]!;
  throw new InputError(`grade: --${verb} takes one folder of grades, got ${folders.length}`);
}
