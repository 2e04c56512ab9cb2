import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { appendLine, writeAtomically } from '../lib/files';
import { pythonPath } from '../lib/jupyter/python';
import { projectRoot } from '../lib/root';
import { onlyIf } from './onlyIf';
import { temporaryFolder } from './temporaryFolder';

/** What was asked of the file system, with what the file held just then; a folder holds nothing. */
type Step =
  | { readonly call: 'fsync'; readonly path: string; readonly content: string | null }
  | {
      readonly call: 'rename';
      readonly from: string;
      readonly to: string;
      readonly content: string;
    };

const TORN = 'a part of it, or nothing';

/**
 * All that a file may hold after the power went when these steps were done. The model is POSIX's,
 * the worst that a file system may do: of a file that was not flushed as it is any part is there, and a
 * new name is there or not until its folder was flushed.
 */
function afterPowerLoss(target: string, old: string, steps: readonly Step[]): Set<string> {
  const onDisk = new Map<string, string | null>();
  let possible = new Set([old]);
  let named = old;
  for (const step of steps) {
    if (step.call === 'rename' && step.to === target) {
      named = onDisk.get(step.from) === step.content ? step.content : TORN;
      possible.add(named);
    }
    if (step.call !== 'fsync') continue;
    if (step.path === dirname(target)) possible = new Set([named]);
    else onDisk.set(step.path, step.content);
  }
  return possible;
}

/** What `write` asks of the file system. */
function stepsOf(write: () => void): Step[] {
  const { openSync, fsyncSync, renameSync } = fs;
  const paths = new Map<number, string>();
  const steps: Step[] = [];
  const contentOf = (path: string) =>
    fs.statSync(path).isDirectory() ? null : fs.readFileSync(path, 'utf8');
  Object.assign(fs, {
    openSync(...args: Parameters<typeof openSync>) {
      const descriptor = openSync(...args);
      paths.set(descriptor, String(args[0]));
      return descriptor;
    },
    fsyncSync(descriptor: number) {
      fsyncSync(descriptor);
      const path = paths.get(descriptor)!;
      steps.push({ call: 'fsync', path, content: contentOf(path) });
    },
    renameSync(from: string, to: string) {
      steps.push({ call: 'rename', from, to, content: contentOf(from)! });
      renameSync(from, to);
    },
  });
  try {
    write();
  } finally {
    Object.assign(fs, { openSync, fsyncSync, renameSync });
  }
  return steps;
}

/** The same of the Python side, which tells its steps a line each. */
const RECORDED = `
import json, os, sys
from pathlib import Path
sys.path.insert(0, "lib/jupyter")
import execute, nbformat
fsync, rename = os.fsync, os.rename
content = lambda path: None if os.path.isdir(path) else Path(path).read_text()
def noted_fsync(descriptor):
    fsync(descriptor)
    path = os.readlink(f"/proc/self/fd/{descriptor}")
    print(json.dumps({"call": "fsync", "path": path, "content": content(path)}))
def noted_rename(source, to, **_):
    print(json.dumps({"call": "rename", "from": str(source), "to": str(to), "content": content(source)}))
    rename(source, to)
os.fsync, os.rename = noted_fsync, noted_rename
cell = nbformat.v4.new_markdown_cell("half a pair: \\ud800", id="a")
assert execute.write(nbformat.v4.new_notebook(cells=[cell]), Path(sys.argv[1])) is None
`;

function isSafe(target: string, old: string, steps: readonly Step[]): void {
  const whole = fs.readFileSync(target, 'utf8');
  for (let done = 0; done <= steps.length; done++) {
    for (const content of afterPowerLoss(target, old, steps.slice(0, done))) {
      assert.ok([old, whole].includes(content), `after ${done} steps: ${content.slice(0, 80)}`);
    }
  }
  assert.deepEqual([...afterPowerLoss(target, old, steps)], [whole], 'what is told is kept');
}

describe('after a power loss at any moment', () => {
  const folder = fs.realpathSync(temporaryFolder());

  it('a file of writeAtomically holds the old content or the new, and at the end the new', () => {
    const target = join(folder, 'a.json');
    fs.writeFileSync(target, 'old');
    isSafe(
      target,
      'old',
      stepsOf(() => writeAtomically(target, 'new'.repeat(1e5))),
    );
  });

  it("a file in a new folder is there with the folder's name", () => {
    const target = join(folder, 'b', 'c', 'a.json');
    const steps = stepsOf(() => writeAtomically(target, 'new'));
    const flushed = steps.flatMap((step) => (step.call === 'fsync' ? [step.path] : []));
    for (const above of [folder, join(folder, 'b'), join(folder, 'b', 'c')]) {
      assert.ok(flushed.includes(above), above);
    }
  });

  it('a line that was added is there, and the name of its file', () => {
    const target = join(folder, 'log');
    assert.deepEqual(
      stepsOf(() => appendLine(target, 'a line')),
      [
        { call: 'fsync', path: target, content: 'a line\n' },
        { call: 'fsync', path: folder, content: null },
      ],
    );
  });

  // Which file a descriptor is of Linux alone tells, in /proc.
  const onLinux = onlyIf(process.platform === 'linux', 'as only Linux tells of descriptors');
  onLinux('a notebook that was carried out, too, whatever its text holds', () => {
    const target = join(folder, 'part-0.ipynb');
    fs.writeFileSync(target, 'old');
    const { stdout, stderr } = spawnSync(pythonPath(), ['-c', RECORDED, target], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Step);
    isSafe(target, 'old', steps);
    const { cells } = JSON.parse(fs.readFileSync(target, 'utf8'));
    assert.equal([cells[0].source].flat().join(''), 'half a pair: \ud800');
  });

  it('the model finds a file that is renamed unflushed, and a name that is not', () => {
    const target = join(folder, 'a.json');
    const [from, content] = [`${target}.tmp`, 'new'];
    const file: Step = { call: 'fsync', path: from, content };
    const short: Step = { ...file, content: 'ne' };
    const rename: Step = { call: 'rename', from, to: target, content };
    const name: Step = { call: 'fsync', path: folder, content: null };
    const possible = (...steps: Step[]) => [...afterPowerLoss(target, 'old', steps)];
    assert.deepEqual(possible(rename, name), [TORN]);
    assert.deepEqual(possible(short, rename, name), [TORN]);
    assert.deepEqual(possible(rename, file, name), [TORN]);
    assert.deepEqual(possible(file, rename), ['old', 'new']);
    assert.deepEqual(possible(file, rename, name), ['new']);
  });
});
