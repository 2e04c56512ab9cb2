import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { scarceMemory } from '../engine/freeMemory';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { projectRoot, shortPath } from '../root';
import { runningKernel } from './runningKernel';

/** How much a notebook does: everything, or a fixed subset with few epochs, in minutes. */
export type LabSize = 'full' | 'small';

/** What a notebook learns from its surroundings: the size, and where to keep what it makes. */
export interface Lab {
  readonly size: LabSize;
  /** Weights, grids and figures are handed from notebook to notebook through this folder. */
  readonly folder: string;
  /** The path of a file in that folder. */
  file(name: string): string;
  /**
   * Deletes a file in that folder, so that what it keeps is made anew; says so where there is none.
   *
   * @throws InputError when the name is a path
   */
  forget(name: string): void;
  /** Keeps a notebook's figures as `figures-<part>.json` in the folder, atomically. */
  saveFigures(part: string, figures: object): void;
}

/**
 * Opens the lab at a size: the one given, else `LAB_SIZE` (full or small), else full; in grading
 * the one that is graded, `LAB_GRADING_SIZE`. Files go to `LAB_OUT`, a folder; when unset to
 * `data/checkpoints/<size>` in the project, or `<size>-<set>` where `LAB_DATA` names another set. In a
 * notebook it says so where memory may not suffice, as it may not beside many other kernels.
 *
 * @param wanted the size; unset for what the environment says
 * @param environment where the variables are looked up
 * @throws InputError on another size
 * @example
 * ```ts
 * const lab = openLab('small', { LAB_OUT: 'results' });
 * lab.size; // → 'small'
 * lab.file('theta.safetensors').endsWith('results/theta.safetensors'); // → true
 * ```
 */
export function openLab(
  wanted?: LabSize,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Lab {
  const size = environment.LAB_GRADING_SIZE || wanted || environment.LAB_SIZE || 'full';
  if (size !== 'full' && size !== 'small') {
    throw new InputError(`openLab: the size (LAB_SIZE) must be full or small, got ${size}`);
  }
  const scarce = runningKernel() && !environment.LAB_GRADING_SIZE && scarceMemory();
  if (scarce) console.log(scarce);
  const suffix = environment.LAB_DATA ? `-${basename(environment.LAB_DATA)}` : '';
  const folder = resolve(
    environment.LAB_OUT || join(projectRoot, 'data', 'checkpoints', `${size}${suffix}`),
  );
  const file = (name: string) => join(folder, name);
  const forget = (name: string) => forgetIn(folder, name);
  const saveFigures = (part: string, figures: object) =>
    writeAtomically(file(`figures-${part}.json`), `${JSON.stringify(figures, encode, 1)}\n`);
  return { size, folder, file, forget, saveFigures };
}

/** Nothing outside of the folder, nor a folder in it: there is no way back. */
function forgetIn(folder: string, name: string): void {
  if (basename(name) !== name || ['', '.', '..'].includes(name)) {
    throw new InputError(
      `forget: expected the name of a file in ${shortPath(folder)}, such as theta.safetensors, got '${name}'`,
    );
  }
  const path = join(folder, name);
  if (!existsSync(path)) console.log(`there is no ${shortPath(path)}, so nothing is forgotten`);
  rmSync(path, { force: true });
}

/** JSON has no NaN and no ∞: a figure that is not finite is written as null. */
function encode(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
