import { join } from 'node:path';
import { type Carried, type GradingOptions, gradeNotebook } from '../../lib/grading/gradeNotebooks';
import { projectRoot } from '../../lib/root';
import { type Cell, cellText, type Notebook, readNotebook } from '../../lib/workbook';

const instructor = (part: string) =>
  readNotebook(join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`));

/** The cells of a part that its functions need, and no more, so that a run takes seconds. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  '1': ['imports', 'settings', 'data', 'task-1-1-network'],
  '2': ['imports', 'settings', 'data', 'minima', 'task-2-2-names'],
  '3.1': ['imports', 'settings', 'baseline'],
};

export type Change = readonly [cell: string, from: string, to: string];

/** A part with its functions answered, some of them changed, and some cells besides. */
export function submission(
  part: string,
  changes: readonly Change[] = [],
  more: readonly string[] = [],
): Notebook {
  const source = instructor(part);
  const cells = source.cells
    .filter(
      ({ id, cell_type, metadata }) =>
        cell_type === 'code' &&
        (NEEDED[part]!.includes(id) || more.includes(id) || metadata.nbgrader?.solution),
    )
    .map((cell): Cell => {
      let text = cellText(cell);
      for (const [id, from, to] of changes.filter(([changed]) => changed === cell.id)) {
        if (!text.includes(from)) throw new Error(`${id} holds no ${from}`);
        text = text.replaceAll(from, to);
      }
      return { ...cell, source: [text] };
    });
  return { ...source, cells };
}

/** A notebook with one cell put before, or behind, another's. */
export function withCell(notebook: Notebook, code: string, first = false): Notebook {
  const cell: Cell = { id: 'more', cell_type: 'code', metadata: {}, source: [code] };
  return { ...notebook, cells: first ? [cell, ...notebook.cells] : [...notebook.cells, cell] };
}

const points = Object.fromEntries(
  ['1', '2', '3.1', '3.2']
    .flatMap((part) => instructor(part).cells)
    .filter(({ cell_type, metadata }) => cell_type === 'code' && metadata.nbgrader?.points)
    .map(({ id, metadata }) => [id, metadata.nbgrader!.points!]),
);

const limits = {
  seconds: 120,
  taskSeconds: 20,
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
};

export const carryOut = (notebook: Notebook, changed: Partial<GradingOptions> = {}) =>
  gradeNotebook(notebook, { ...options, ...changed });

/** The criteria that earn all their points. */
export function full({ verdicts }: Carried): string[] {
  return verdicts.filter((one) => one.earned === one.points).map(({ id }) => id);
}

export function earned({ verdicts }: Carried): number {
  return verdicts.reduce((sum, one) => sum + one.earned, 0);
}
