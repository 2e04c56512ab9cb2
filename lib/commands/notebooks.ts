import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { projectRoot, shortPath } from '../root';
import {
  type Cell,
  CODE_STUB,
  cellText,
  type Notebook,
  notebookText,
  readNotebook,
  solution,
  studentCopy,
  TEXT_STUB,
  whyNoSolution,
} from '../workbook';
import { readOptions, runCommand } from './command';

const folder = join(projectRoot, 'notebooks');
const sources = join(folder, 'instructor');
const solutions = join(folder, 'solutions');
/** A reader on the web must be able to load them. */
const MOST_BYTES = 10e6;

/**
 * `npm run notebooks`: from `notebooks/instructor` writes the student copies, and from what
 * `npm run lab` has carried out in full the solutions. With `--check` it writes nothing and tells
 * what is out of step.
 */
async function notebooks(): Promise<number> {
  const options = readOptions('notebooks', {
    check: { type: 'boolean', default: false },
    from: { type: 'string', default: 'results' },
  });
  const parts = readdirSync(sources)
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => ({ name, source: readNotebook(join(sources, name)) }));
  const problems = options.check
    ? parts.flatMap(({ name, source }) => checkPart(name, source))
    : parts.flatMap(({ name, source }) => writePart(name, source, resolve(options.from)));
  if (options.check) problems.push(...checkSize());
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) {
    const said = options.check
      ? 'student copies and solutions are in step with'
      : 'all written from';
    console.log(`${said} ${shortPath(sources)}`);
  }
  return problems.length === 0 ? 0 : 1;
}

function checkPart(name: string, source: Notebook): string[] {
  const problems: string[] = [];
  const path = join(sources, name);
  if (readFileSync(path, 'utf8') !== notebookText(bare(source))) {
    problems.push(`${shortPath(path)} holds outputs or counts: npm run notebooks clears them`);
  }
  const copy = join(folder, name);
  if (!existsSync(copy) || readFileSync(copy, 'utf8') !== notebookText(studentCopy(source))) {
    problems.push(`${shortPath(copy)} is out of step: run npm run notebooks`);
  }
  const solved = join(solutions, name);
  const why = existsSync(solved) ? whyNoSolution(readNotebook(solved), source) : 'it is missing';
  if (why !== undefined)
    problems.push(`${shortPath(solved)} is out of step, ${why}: ${remedy(name)}`);
  else if (readFileSync(solved, 'utf8') !== notebookText(solution(readNotebook(solved), source))) {
    problems.push(`${shortPath(solved)} holds counts or times: run npm run notebooks`);
  }
  return problems;
}

function writePart(name: string, source: Notebook, from: string): string[] {
  requireUntouched(join(folder, name));
  writeAtomically(join(sources, name), notebookText(bare(source)));
  writeAtomically(join(folder, name), notebookText(studentCopy(source)));
  for (const path of [join(from, name), join(solutions, name)].filter(existsSync)) {
    const executed = readNotebook(path);
    if (whyNoSolution(executed, source) !== undefined) continue;
    writeAtomically(join(solutions, name), notebookText(solution(executed, source)));
    return [];
  }
  const executed = join(from, name);
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

function checkSize(): string[] {
  const files = existsSync(solutions) ? readdirSync(solutions) : [];
  const bytes = files.reduce((sum, name) => sum + statSync(join(solutions, name)).size, 0);
  if (bytes <= MOST_BYTES) return [];
  return [`${shortPath(solutions)} holds ${(bytes / 1e6).toFixed(1)} MB, at most 10 are wanted`];
}

/** The source with nothing carried out. */
function bare(source: Notebook): Notebook {
  const cells = source.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  );
  return { ...source, cells };
}

runCommand(notebooks);
