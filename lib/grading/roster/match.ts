import { InputError } from '../../errors';
import type { Delivery } from '../submitted/delivered';
import type { Found } from '../submitted/find';
import type { Submission } from '../submitted/submission';
import { keysOf, type Listed, namesOf, plain, type Roster } from './roster';

/**
 * Gives each submission to the student of the list whose it is, and one with nothing in it to who
 * handed in nothing. Who is not on the list keeps the name on the files, unless somebody on it is called
 * so. Of two submissions of one student the latest counts.
 *
 * @param deliveries by the names of the submissions, where a learning platform named the files
 * @throws InputError when nobody's submission is found, or Canvas gave them without names
 */
export function byRoster(
  { submissions, notes }: Found,
  { system, students }: Roster,
  deliveries: ReadonlyMap<string, Delivery>,
): Found {
  const nameless = submissions.filter(({ student }) => isNameless(deliveries.get(student)));
  if (nameless.length > 0) {
    throw new InputError(
      `grade: Canvas names no student on ${nameless.length} of ${submissions.length} submissions ` +
        `(${nameless[0]!.student}), so no roster says whose they are; end the anonymous grading of the ` +
        'assignment and download them again, or grade without --roster into another --out',
    );
  }
  const find = finderOf(students);
  const listedNames = new Set(students.map(({ student }) => student));
  const told = [...notes];
  const given = new Map<string, Submission>();
  const strangers: Submission[] = [];
  for (const submission of submissions) {
    const { student: name } = submission;
    const delivery = deliveries.get(name);
    // Another platform's number says nothing here; its own says all, whatever the names are.
    const isOwn = delivery?.platform === system && find.hasNumbers;
    const listed = isOwn ? find.byNumber(delivery.id) : find.byName(delivery?.name ?? name);
    if (listed === undefined) {
      told.push(`${name} is not on the roster: graded, and in no gradebook`);
      const student = listedNames.has(name) ? `${name} (not on the roster)` : name;
      strangers.push({ ...submission, student });
      continue;
    }
    const { student } = listed;
    const other = given.get(student);
    const latest = other && other.time > submission.time ? other : submission;
    given.set(student, { ...latest, student });
    if (other) told.push(`${student} handed in twice, once as ${name}: the latest counts`);
  }
  if (given.size === 0 && submissions.length > 0) {
    throw new InputError(
      `grade: nobody on the roster of ${students.length} handed in any of the ${submissions.length} ` +
        'submissions; check that it is the roster of this course, exported in English',
    );
  }
  const missing = students.filter(({ student }) => !given.has(student));
  for (const { student } of missing) told.push(`${student} handed in nothing`);
  const none = missing.map(({ student }) => nothing(student));
  const all = [...given.values(), ...none, ...strangers];
  return { submissions: all.sort((a, b) => (a.student < b.student ? -1 : 1)), notes: told };
}

/** As Canvas has it where an assignment is graded anonymously. */
const isNameless = (delivery: Delivery | undefined) => delivery?.id.startsWith('anon_') ?? false;

/** Whether a number is that of a student on a list of Canvas. */
export function isNumberOn({ system, students }: Roster): (id: string) => boolean {
  const numbers = system === 'canvas' ? numbersOf(students) : new Map();
  return (id) => numbers.has(id);
}

function nothing(student: string): Submission {
  const files = { notebooks: [], saved: [], beside: [] };
  return { student, ...files, notes: ['nothing was handed in'], time: 0 };
}

/** The platform's own; Moodle's are `Participant 123`. */
const numbersOf = (students: readonly Listed[]) =>
  indexed(students, ({ row }) => [/\d+$/.exec((row.ID ?? row.Identifier ?? '').trim())?.[0] ?? '']);

/** Looks a student up; what two students share finds neither. */
function finderOf(students: readonly Listed[]) {
  const numbers = numbersOf(students);
  const names = indexed(students, ({ row, student }) => [
    ...[student, ...keysOf(row), ...namesOf(row)],
    // A login is often an address without its end.
    ...keysOf(row).flatMap((key) => (key.includes('@') ? [key.split('@')[0]!] : [])),
    // As Canvas writes it into a file's name.
    ...namesOf(row).map((name) => name.replace(/[^\p{L}\p{M}\p{Nd}\p{Pc}]/gu, '')),
  ]);
  return {
    hasNumbers: numbers.size > 0,
    byNumber: (id: string) => numbers.get(id),
    byName: (name: string) => names.get(plain(name)),
  };
}

function indexed(
  students: readonly Listed[],
  keys: (one: Listed) => readonly string[],
): Map<string, Listed> {
  const found = new Map<string, Listed>();
  const shared = new Set<string>();
  for (const one of students) {
    for (const key of new Set(keys(one).map(plain))) {
      if (found.has(key)) shared.add(key);
      found.set(key, one);
    }
  }
  for (const key of [...shared, '']) found.delete(key);
  return found;
}
