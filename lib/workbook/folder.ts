import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, TEXT_STUB } from '../errors';
import { writeAtomically } from '../files';
import { type Cell, cellText, type Notebook, notebookText, readNotebook } from '../ipynb';
import { shortPath } from '../root';
import { solution, whyNoSolution } from './solution';
import { CODE_STUB, studentCopy } from './studentCopy';

/** A reader on the web must be able to load them. */
const MOST_MEGABYTES = 10;

/** One notebook of a workbook, and where it stands in its three forms. */
interface Part {
  readonly name: string;
  readonly source: Notebook;
  readonly paths: { readonly source: string; readonly copy: string; readonly solution: string };
}

/**
 * What is out of step in a folder of notebooks, a sentence each: the sources in its `instructor`,
 * the students' copies in it, and the solutions in its `solutions`.
 *
 * @throws InputError when a source is no notebook
 */
export function checkWorkbook(folder: string): string[] {
  return [...partsIn(folder).flatMap(checkPart), ...checkSize(join(folder, 'solutions'))];
}

/**
 * Writes the students' copies, and as solutions what has been carried out in full, in `from` or as
 * it stands there already. Gives what is missing, a sentence each.
 *
 * @throws InputError when somebody has worked in a copy, before anything is written
 */
export function writeWorkbook(folder: string, from: string): string[] {
  const parts = partsIn(folder);
  for (const { paths } of parts) requireUntouched(paths.copy);
  return parts.flatMap((part) => writePart(part, from));
}

function partsIn(folder: string): Part[] {
  const sources = join(folder, 'instructor');
  if (!existsSync(sources)) {
    throw new InputError(
      `${shortPath(sources)} is not there, and every notebook is made from it; get the instructor's ` +
        'copy of this project',
    );
  }
  return readdirSync(sources)
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => {
      const source = join(sources, name);
      const paths = {
        source,
        copy: join(folder, name),
        solution: join(folder, 'solutions', name),
      };
      return { name, source: readNotebook(source), paths };
    });
}

function checkPart({ name, source, paths }: Part): string[] {
  const problems: string[] = [];
  if (readFileSync(paths.source, 'utf8') !== notebookText(bare(source))) {
    problems.push(
      `${shortPath(paths.source)} holds outputs or counts: npm run notebooks clears them`,
    );
  }
  const { copy, solution: solved } = paths;
  if (!existsSync(copy) || readFileSync(copy, 'utf8') !== notebookText(studentCopy(source))) {
    problems.push(`${shortPath(copy)} is out of step: run npm run notebooks`);
  }
  const why = existsSync(solved) ? whyNoSolution(readNotebook(solved), source) : 'it is missing';
  if (why !== undefined)
    problems.push(`${shortPath(solved)} is out of step, ${why}: ${remedy(name)}`);
  else if (readFileSync(solved, 'utf8') !== notebookText(solution(readNotebook(solved), source))) {
    problems.push(
      `${shortPath(solved)} holds counts, times or an older text: run npm run notebooks`,
    );
  }
  return problems;
}

function writePart({ name, source, paths }: Part, from: string): string[] {
  writeAtomically(paths.source, notebookText(bare(source)));
  writeAtomically(paths.copy, notebookText(studentCopy(source)));
  const executed = join(from, name);
  for (const path of [executed, paths.solution].filter(existsSync)) {
    const run = readNotebook(path);
    if (whyNoSolution(run, source) !== undefined) continue;
    writeAtomically(paths.solution, notebookText(solution(run, source)));
    return [];
  }
  const why = existsSync(executed)
    ? whyNoSolution(readNotebook(executed), source)
    : 'it has not been carried out';
  return [`no solution of ${name} in ${shortPath(from)}, ${why}: ${remedy(name)}`];
}

function remedy(name: string): string {
  const part = name.replace(/^part-|\.ipynb$/g, '');
  return `run npm run lab -- --part ${part}, then npm run notebooks`;
}

/** @throws InputError when somebody has worked in a student's copy, which would be lost */
function requireUntouched(path: string): void {
  if (!existsSync(path)) return;
  const { cells } = readNotebook(path);
  const answered = (cell: Cell) => {
    const stub = cell.cell_type === 'code' ? CODE_STUB : TEXT_STUB;
    return cell.metadata.nbgrader?.solution === true && !cellText(cell).includes(stub);
  };
  if (!cells.some((cell) => (cell.outputs?.length ?? 0) > 0 || answered(cell))) return;
  throw new InputError(
    `${shortPath(path)} holds outputs or answers, so somebody has worked in it; rename it, or restore it by ` +
      'git checkout, and run npm run notebooks again',
  );
}

function checkSize(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const megabytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e6;
  if (megabytes <= MOST_MEGABYTES) return [];
  return [
    `${shortPath(folder)} holds ${megabytes.toFixed(1)} MB, and may hold ${MOST_MEGABYTES}: clear what ` +
      'is large from the outputs',
  ];
}

/** The source with nothing carried out. */
function bare(source: Notebook): Notebook {
  const cells = source.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  );
  return { ...source, cells };
}
