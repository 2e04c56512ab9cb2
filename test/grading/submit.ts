import { basename, join } from 'node:path';
import { readWorkbook } from '../../lib/grading/class/workbook';
import {
  type Carried,
  type GradingOptions,
  judgeRun,
  runNotebook,
} from '../../lib/grading/judge/gradeNotebook';
import { questionsOf } from '../../lib/grading/judge/questions';
import type { Limits } from '../../lib/grading/sandbox/isolation';
import { type Cell, cellText, type Notebook, readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { studentCopy } from '../../lib/workbook';
import { trainedFiles } from './trained';

const instructor = (part: string) =>
  readNotebook(join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`));

/**
 * What a submission to these tests consists of: a part's answers, the cells that its functions
 * need, and in the place of trainings a cell that takes what was trained once, so that a run takes
 * seconds.
 */
interface Kind {
  readonly part: string;
  readonly needs: readonly string[];
  readonly loads: string;
  /** The criteria that it earns. */
  readonly earns: readonly string[];
}

const load = `const load = (name: string): StateDict =>
  require('pathlab').loadStateDict(lab.file(name + '.safetensors')).stateDict;`;

export const KINDS = {
  '1': {
    part: '1',
    needs: ['imports', 'settings', 'data', 'task-1-1-network', 'task-1-2-imports'],
    loads: `${load}
stateDictsAtMinima[0] = load('minimum-1');
stateDictsAtMinima[1] = load('minimum-2');`,
    earns: ['task-1-1-check', 'task-1-2-interpolate-check', 'task-1-2-lines-check'],
  },
  '2': {
    part: '2',
    needs: [
      'imports',
      'settings',
      'data',
      'minima',
      'task-2-1-imports',
      'task-2-2-names',
      'task-2-3-imports',
      'task-2-4-imports',
    ],
    loads: `${load}
stateDictAtTheta = load('theta');`,
    earns: [
      'task-2-1-check',
      'task-2-2-gradient-check',
      'task-2-2-check',
      'task-2-3-check',
      'task-2-4-check',
    ],
  },
  '3.1': {
    part: '3.1',
    needs: ['imports', 'settings', 'baseline', 'task-3-1-measure-imports'],
    loads: '',
    earns: ['task-3-1-networks-check', 'task-3-1-measure-check'],
  },
  '3.2': {
    part: '3.2',
    needs: [
      'imports',
      'settings',
      'data',
      'inits',
      'task-3-2-evaluate-imports',
      'task-3-2-bend-imports',
    ],
    // One of them larger, so that their statistics differ.
    loads: `import { recomputeStatistics } from 'pathlab';
const [w1, w2] = await Promise.all(
  [1, 3].map((size, i) =>
    recomputeStatistics(network, linearCombination([size], [stateDictsAtInits[i]]), datasets.train),
  ),
);`,
    earns: ['task-3-2-statistics-check'],
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** In a cell, a text and what stands there instead; `loads` is the cell that takes weights. */
export type Change = readonly [cell: string, from: string, to: string];

/** A part with its functions answered, some cells changed. */
export function submission(kind: KindName, changes: readonly Change[] = []): Notebook {
  return selected(instructor(KINDS[kind].part), KINDS[kind], changes);
}

/** A part as a student gets it, with no weights but those where a training begins. */
export function unanswered(kind: KindName): Notebook {
  return selected(studentCopy(instructor(KINDS[kind].part)), { ...KINDS[kind], loads: '' }, []);
}

function selected(source: Notebook, { needs, loads }: Kind, changes: readonly Change[]): Notebook {
  const cells = source.cells.flatMap((cell) => {
    if (cell.cell_type !== 'code') return [];
    const kept = needs.includes(cell.id) || cell.metadata.nbgrader?.solution;
    return kept ? [cell] : importsAlone(cell);
  });
  const loader: Cell = { id: 'loads', cell_type: 'code', metadata: {}, source: [loads] };
  return { ...source, cells: [...cells, loader].map((cell) => changed(cell, changes)) };
}

/** What a cell that is left out imports stays: the answers behind it may use it. */
function importsAlone(cell: Cell): Cell[] {
  const imports = cellText(cell).match(/^import .*;$/gm) ?? [];
  return imports.length > 0 ? [{ ...cell, source: [imports.join('\n')] }] : [];
}

function changed(cell: Cell, changes: readonly Change[]): Cell {
  let text = cellText(cell);
  for (const [id, from, to] of changes.filter(([name]) => name === cell.id)) {
    if (!text.includes(from)) throw new Error(`${id} holds no ${from}`);
    text = text.replaceAll(from, to);
  }
  return { ...cell, source: [text] };
}

/** A whole part as the instructor has it, some cells changed. */
export function wholePart(part: string, changes: readonly Change[] = []): Notebook {
  const source = instructor(part);
  return { ...source, cells: source.cells.map((cell) => changed(cell, changes)) };
}

/** A notebook with one cell more, at its end. */
export function withCell(notebook: Notebook, code: string): Notebook {
  const cell: Cell = { id: 'more', cell_type: 'code', metadata: {}, source: [code] };
  return { ...notebook, cells: [...notebook.cells, cell] };
}

const { points, checks } = readWorkbook();

const limits = {
  seconds: 120,
  taskSeconds: 60,
  processorSeconds: 200,
  silentSeconds: 30,
  memoryMB: 2000,
  processes: 40,
  diskMB: 300,
  outputMB: 100,
};

export const options: GradingOptions = {
  seed: 11,
  size: 'small',
  isolation: 'bubblewrap',
  limits: { small: limits, full: limits },
  points,
  checks,
};

/** For what is meant to take forever. */
export const hurried = hurriedWithin({});

/** The same with other limits besides. */
export function hurriedWithin(other: Partial<Limits>): Partial<GradingOptions> {
  return {
    limits: {
      small: { ...limits, seconds: 60, taskSeconds: 8, silentSeconds: 15, ...other },
      full: limits,
    },
  };
}

/** Grades a notebook that finds what was trained once beside it. */
export async function carryOut(notebook: Notebook, other: Partial<GradingOptions> = {}) {
  const all = { ...options, ...other };
  const files = trainedFiles().map((from) => ({ from, as: `files/${basename(from)}` }));
  const run = await runNotebook(notebook, all, files);
  return await judgeRun(notebook, run, all, questionsOf());
}

/** The criteria that earn all their points. */
export function full({ verdicts }: Carried): string[] {
  return verdicts.filter((one) => one.earned === one.points).map(({ id }) => id);
}

export function earned({ verdicts }: Carried): number {
  return verdicts.reduce((sum, one) => sum + one.earned, 0);
}
