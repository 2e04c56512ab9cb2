import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cellText, readNotebook } from '../../ipynb';
import { projectRoot } from '../../root';
import type { Wanted } from '../judge/grade';
import type { GradingOptions } from '../judge/gradeNotebook';
import { taskOf } from '../judge/verdict';
import type { Tasks } from '../marks/byTask';

/** What of the instructor's notebooks earns points: checks, and answers in words. */
export interface Workbook extends Pick<GradingOptions, 'points' | 'checks'> {
  readonly written: readonly Wanted[];
  readonly tasks: Tasks;
  /** What is asked in words, and the instructor's answer, by the ids of the answers. */
  readonly questions: Readonly<Record<string, { readonly asked: string; readonly model: string }>>;
}

/** As the heading has it: `## Task 3.2 (2 points extra): the same experiments on a VGG`. */
const HEADING = /^## Task (\d\.\d) \(\d points?( extra)?\): (.+)/m;

/** @throws InputError when one of the instructor's notebooks cannot be read */
export function readWorkbook(): Workbook {
  const folder = join(projectRoot, 'notebooks', 'instructor');
  const cells = readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .flatMap((name) => readNotebook(join(folder, name)).cells);
  const points: Record<string, number> = {};
  const checks: Record<string, string> = {};
  const written: Wanted[] = [];
  const tasks: Record<string, Tasks[string]> = {};
  const questions: Record<string, Workbook['questions'][string]> = {};
  for (const [i, cell] of cells.entries()) {
    const { id } = cell;
    const [, task, extra, name] = HEADING.exec(cellText(cell)) ?? [];
    if (task !== undefined) tasks[task] = { name: name!, isExtra: extra !== undefined };
    const worth = cell.metadata.nbgrader?.points;
    if (worth === undefined) continue;
    if (cell.cell_type === 'markdown') {
      const [before, after] = [cells[i - 1], cells[i + 1]].map((one) => (one ? cellText(one) : ''));
      written.push({
        id,
        task: taskOf(id),
        points: worth,
        place: { before: before!, after: after! },
      });
      questions[id] = { asked: before!, model: cellText(cell) };
    } else [points[id], checks[id]] = [worth, cellText(cell)];
  }
  return { points, checks, written, tasks, questions };
}
