import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as checks from '../checks';
import { InputError, TEXT_STUB } from '../errors';
import { type Cell, cellText, readNotebook } from '../ipynb';
import { shortPath } from '../root';

/** What of a task earns points: a check, or an answer in words. */
export interface Earning {
  /** 0 of a check in a task without points. */
  readonly points: number;
  /** The function that checks, such as `checkLines`; undefined of an answer in words. */
  readonly check: string | undefined;
  /** Of an answer in words: whether there is one. */
  readonly written: boolean;
}

/** One task, as the notebook with its cells says. */
export interface Task {
  /** Such as `1.2`, in Part 4 `4.1a`. */
  readonly name: string;
  readonly title: string;
  /** Whether it has points: Part 4's tasks have checks alone. */
  readonly hasPoints: boolean;
  /** Beyond the points of the whole. */
  readonly extra: boolean;
  readonly earnings: readonly Earning[];
}

/** Git's copy would have no answers. */
const REMEDY = 'take the copy that JupyterLab keeps beside it, in .ipynb_checkpoints';

const PART = /^part-.*\.ipynb$/;
const HEADING = /^## Task (\d\.\d) ?([a-z]?)(?: \(([^)]*)\))?: (.*)$/m;

/** The notebooks of parts in a folder, by their paths; none where there is no such folder. */
export function partsOf(folder: string): string[] {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory();
  return (isFolder ? readdirSync(folder) : [])
    .filter((name) => PART.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The tasks of the notebooks in a folder, as they were last saved.
 *
 * @throws InputError when there is no task in any of them, or one is no notebook
 */
export function tasksIn(folder: string): Task[] {
  const tasks = partsOf(folder).flatMap((path) => tasksOf(readNotebook(path, path, REMEDY).cells));
  if (tasks.length > 0) return tasks;
  throw new InputError(
    `${shortPath(folder)} holds no notebook with tasks; name the folder of part-1.ipynb and the others`,
  );
}

/** A task is a heading and what earns points, or only checks, until the next one. */
function tasksOf(cells: readonly Cell[]): Task[] {
  const tasks: (Task & { earnings: Earning[] })[] = [];
  for (const cell of cells) {
    const [heading, number, letter, points = '', title] = HEADING.exec(cellText(cell)) ?? [];
    if (cell.cell_type === 'markdown' && heading !== undefined) {
      const [hasPoints, extra] = [points !== '', /extra/.test(points)];
      tasks.push({ name: `${number}${letter}`, title: title!, hasPoints, extra, earnings: [] });
    }
    const task = tasks.at(-1);
    if (task !== undefined) task.earnings.push(...earningsOf(cell, task));
  }
  return tasks;
}

function earningsOf(cell: Cell, task: Task): Earning[] {
  const points = cell.metadata.nbgrader?.points;
  const text = cellText(cell);
  if (cell.cell_type !== 'code') {
    if (points === undefined) return [];
    return [{ points, check: undefined, written: !['', TEXT_STUB].includes(text.trim()) }];
  }
  if (points !== undefined) {
    return [{ points, check: /\bcheck[A-Z]\w*/.exec(text)?.[0], written: false }];
  }
  // A call; what is imported is not called. A student's own cell may ask the same check again, or one of its own.
  const called = task.hasPoints ? [] : (text.match(/\bcheck[A-Z]\w*(?=\()/g) ?? []);
  const check = called.find((name) => Object.hasOwn(checks, name));
  const isKnown = task.earnings.some((one) => one.check === check);
  return check === undefined || isKnown ? [] : [{ points: 0, check, written: false }];
}
