import { spawnSync } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { buildIsFresh } from '../build';
import { readOptions, runCommand } from '../command';
import { loadMnist, otherSet } from '../data';
import { useBackend } from '../engine';
import { freeMemory } from '../engine/freeMemory';
import { findPython, jupyterEnvironment, pythonIsReady, pythonPath } from '../jupyter/python';

/** One thing the lab needs: what was found, or what is wrong with it and how to mend that. */
interface Finding {
  readonly what: string;
  readonly found: string;
  readonly missing?: boolean;
}

/**
 * `npm run doctor`: what is installed, which backend computes, whether the data is whole, and what
 * to do about each thing missing. Changes nothing. Ends with 1 if something needed is missing.
 */
async function doctor(): Promise<number> {
  readOptions('doctor', {});
  const findings = await Promise.all([
    check('Node', () => `${process.version} on ${process.platform} ${process.arch}`),
    check('machine', () => `${availableParallelism()} cores, ${memory()}`),
    check('Python', () => {
      const { path, version } = findPython();
      return `${version} (${path})`;
    }),
    check('JupyterLab', jupyter),
    check('lib', () => {
      if (!buildIsFresh()) throw new Error('not compiled since its last change; npm start does it');
      return 'compiled';
    }),
    check('backend', async () => {
      const { name, reason } = await useBackend();
      return `tfjs ${name}: ${reason}`;
    }),
    check('MNIST', async () => {
      const { source } = await loadMnist();
      const instead = 'not asked for: LAB_DATA names another set, whole,';
      return `${otherSet() === undefined ? 'whole, checksums right,' : instead} in ${source}`;
    }),
  ]);
  for (const { what, found, missing } of findings) {
    console.log(`${missing ? '✗' : '✓'} ${what.padEnd(11)} ${found}`);
  }
  return findings.some(({ missing }) => missing) ? 1 : 0;
}

async function check(what: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, found: await look() };
  } catch (error) {
    return { what, found: error instanceof Error ? error.message : String(error), missing: true };
  }
}

function memory(): string {
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  const [free, all] = [freeMemory(), totalmem()];
  if (free === all) return `${gigabytes(all)} GB memory`;
  return `${gigabytes(free)} of ${gigabytes(all)} GB memory free`;
}

function jupyter(): string {
  if (!pythonIsReady()) throw new Error('not set up; npm start does it, in about a minute');
  const { stdout } = spawnSync(pythonPath(), ['-m', 'jupyterlab', '--version'], {
    encoding: 'utf8',
    env: jupyterEnvironment(),
  });
  return `${stdout.trim()} in .venv, with the tslab kernel`;
}

runCommand(doctor);
