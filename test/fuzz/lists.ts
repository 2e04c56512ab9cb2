import { gradebook } from '../../lib/grading/roster/gradebook';
import {
  addressOf,
  keptRoster,
  keysOf,
  namesOf,
  type Roster,
  readRoster,
} from '../../lib/grading/roster/roster';
import { grade } from '../grading/pages/someGrade';

/** Lists of students as Canvas and Moodle export them. */
export const LISTS = [
  'Student,ID,SIS Login ID,Section,Paths (7)\n    Points Possible,,,,10\n"I, A",1,ai,One,\n"I, B",2,bi,One,\n',
  'Identifier,Full name,Email address,Grade,Maximum grade\nParticipant 1,A I,a@x.org,,"10,00"\n',
];

/** The first of them as it is kept beside grades. */
export const KEPT_LIST = JSON.stringify({
  system: 'canvas',
  columns: ['Student', 'ID', 'Section'],
  students: [{ student: 'I, A', row: { Student: 'I, A', ID: '1', Section: 'One' } }],
  assignment: 'Paths',
  delimiter: ',',
  outOf: 10,
});

/** As the grader uses them. */
const used = (roster: Roster) => [
  gradebook(roster, [grade], {}, {}),
  ...roster.students.map(({ row }) => [addressOf(row), keysOf(row), namesOf(row)]),
];

export function readList(path: string): unknown {
  const { warn } = console;
  // Papa Parse says of each list whether it has renamed columns.
  console.warn = () => undefined;
  try {
    return used(readRoster(path, 'Paths'));
  } finally {
    console.warn = warn;
  }
}
export const readKeptList = (folder: string) => used(keptRoster(folder)!);
