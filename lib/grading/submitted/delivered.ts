/** Whose a file or a folder is, as a learning platform names it where all submissions are downloaded. */
export interface Delivery {
  readonly platform: 'canvas' | 'moodle';
  /** The student's name as it stands there. */
  readonly name: string;
  /** The platform's own number of the student (Canvas), or of the student in the assignment (Moodle). */
  readonly id: string;
  /** Canvas numbers the files that are handed in: feedback goes to one of them. */
  readonly attachment?: string;
  readonly late?: true;
  /** The name under which the student handed it in; none where a folder holds the files. */
  readonly file?: string;
}

/**
 * `ivanovanna_123_451_part-1.ipynb`; `ivanovanna_LATE_123_451_part-1.ipynb` after the due date. A name
 * may hold `_`, but no number between two of them, which Canvas takes out: the first two are its own.
 */
const CANVAS = /^(?<name>.+?)_(?<late>LATE_)?(?<id>\d+)_(?<attachment>\d+)_(?<file>.+)$/;
/** The same where the name ends in `_` and a number, which Canvas leaves there. */
const NUMBERED = /^(?<name>.+?_\d+)_(?<late>LATE_)?(?<id>\d+)_(?<attachment>\d+)_(?<file>.+)$/;
/** `anon_5Fq2x_451_part-1.ipynb`, or `LATE_anon_…`, where the assignment is graded without names. */
const NAMELESS = /^(?<late>LATE_)?(?<name>anon_[A-Za-z0-9]{5})_(?<attachment>\d+)_(?<file>.+)$/;
/** `Anna Ivanova_123_assignsubmission_file_`, a folder (from Moodle 4.1 without the last line), or a file's beginning. */
const MOODLE = /^(.+?)_(\d+)_assignsubmission_[a-z]+(?:_(.*))?$/;

/**
 * What the name of a file or folder says, if a learning platform wrote it.
 *
 * @param isStudent whether the course's list has a number of Canvas: of two numbers that may be the
 *   student's, the one that it has is
 */
export function deliveryOf(
  entry: string,
  isStudent: (id: string) => boolean = () => false,
): Delivery | undefined {
  const [, person = '', number = '', rest = ''] = MOODLE.exec(entry) ?? [];
  if (number !== '') {
    return { platform: 'moodle', name: person, id: number, ...(rest !== '' && { file: rest }) };
  }
  const first = (NAMELESS.exec(entry) ?? CANVAS.exec(entry))?.groups;
  const second = NUMBERED.exec(entry)?.groups;
  const isSecond = second && isStudent(second.id!) && !isStudent(first?.id ?? '');
  const groups = isSecond ? second : first;
  if (groups === undefined) return undefined;
  const { name = '', id = name, attachment = '', file = '', late } = groups;
  return { platform: 'canvas', name, id, attachment, file, ...(late && { late: true }) };
}

/**
 * The name of a file before Canvas counted how often it was handed in: `part-1.ipynb` for
 * `part-1-2.ipynb`.
 *
 * @param others the names of all files of the student: but for a notebook of the lab, `a-2` is one of
 *   its own where there is no `a`
 */
export function withoutCount(file: string, others: readonly string[]): string {
  const [, stem = '', ending = ''] = /^(.+)-\d+(\.[^.]*)$/.exec(file) ?? [];
  const counted = /^part-\d(\.\d)?$/i.test(stem) || others.includes(`${stem}${ending}`);
  return stem !== '' && counted ? `${stem}${ending}` : file;
}
