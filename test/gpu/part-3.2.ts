import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { assertClose, type Tolerance } from '../close';

/**
 * Part 3.2 at its small size, the whole notebook in the lab's kernel; run by `npm run test:gpu-part`
 * after `npm run gpu`. On SwiftShader it takes minutes.
 */
describe('the notebook of Part 3.2 on WebGPU', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pathlab-gpu-'));
  after(() => rmSync(folder, { recursive: true }));

  it('is carried out from the training to the plane, and its checks hold', () => {
    const { backend } = carryOut('webgpu');
    assert.equal(backend.name, 'webgpu');
    const notebook = readFileSync(join(folder, 'part-3.2.ipynb'), 'utf8');
    const { cells } = JSON.parse(notebook) as { cells: { outputs?: unknown }[] };
    const points = cells.flatMap(({ outputs }) => {
      const found = /Task 3\.2: ([\d.]+) of ([\d.]+) points/.exec(JSON.stringify(outputs ?? []));
      return found ? [found] : [];
    });
    assert.equal(points.length, 3);
    for (const [line, got, of] of points) assert.equal(got, of, line);
  });

  it('has the figures that the embedded backend has at the same nets', () => {
    const ours = readFigures();
    // The nets are taken over; the figures name their backend and are made anew, but for the plane.
    rmSync(join(folder, 'vgg-plane.json'));
    const theirs = carryOut('wasm');
    assert.equal(theirs.backend.name, 'wasm');
    const [got, wanted] = [numbersOf(ours.vgg), numbersOf(theirs.vgg)];
    assert.deepEqual([...got.keys()], [...wanted.keys()]);
    for (const [name, values] of wanted) {
      try {
        assertClose(got.get(name)!, values, toleranceOf(name));
      } catch (error) {
        assert.fail(`${name}: ${(error as Error).message}`);
      }
    }
  });

  interface Figures {
    readonly backend: { readonly name: string };
    readonly vgg: object;
  }

  function carryOut(backend: string): Figures {
    const program = ['run', '--silent', 'lab', '--', '--quick', '--part', '3.2', '--out', folder];
    const env = { ...process.env, LAB_BACKEND: backend };
    const { status, stdout, stderr } = spawnSync('npm', program, {
      cwd: projectRoot,
      encoding: 'utf8',
      env,
    });
    assert.equal(status, 0, stdout + stderr);
    return readFigures();
  }

  const readFigures = (): Figures =>
    JSON.parse(readFileSync(join(folder, 'figures-part-3.2.json'), 'utf8')) as Figures;
});

/** All numbers of a nested object, in order, by the name that they stand under. */
function numbersOf(object: object, name = '', into = new Map<string, number[]>()) {
  for (const [key, value] of Object.entries(object)) {
    const under = Array.isArray(object) ? name : key;
    if (typeof value === 'number') into.set(under, [...(into.get(under) ?? []), value]);
    else if (value !== null && typeof value === 'object') numbersOf(value as object, under, into);
  }
  return into;
}

/** Losses as near as PyTorch's statistics are in `test/nn/vgg.test.ts`; of 200 images one may be a tie. */
function toleranceOf(name: string): Tolerance {
  return /Acc$|^worst$/.test(name) ? { absolute: 1 / 200 } : { relative: 1e-5 };
}
