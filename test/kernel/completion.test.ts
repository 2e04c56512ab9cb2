import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import ts from 'typescript';
import { answer } from '../../lib/kernel/compiler/answer';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { projectRoot } from '../../lib/root';

/** What is looked for in the file system, below a folder of packages, while something is done. */
function lookedFor(what: () => void): string[] {
  const paths: string[] = [];
  const real = { ...ts.sys };
  const noting =
    <Result>(look: (path: string) => Result) =>
    (path: string): Result => {
      if (path.includes('/node_modules/')) paths.push(path);
      return look(path);
    };
  ts.sys.fileExists = noting(real.fileExists);
  ts.sys.directoryExists = noting(real.directoryExists);
  ts.sys.readFile = noting(real.readFile);
  ts.sys.realpath = noting(real.realpath!);
  try {
    what();
  } finally {
    Object.assign(ts.sys, real);
  }
  return paths;
}

describe('completion', () => {
  it('looks for no file that a cell was compiled with, which took longer than the rest', () => {
    const compiler = createCompiler(join(projectRoot, 'notebooks'));
    const code = "import * as tf from '@tensorflow/tfjs';\ntf.tensor2";
    assert.ok('program' in compiler.compile(`${code}d`));
    let matches: unknown;
    const paths = lookedFor(() => {
      const asked = { kind: 'complete', code, cursor: code.length } as const;
      ({ matches } = answer(compiler, asked) as { matches?: unknown });
    });
    assert.deepEqual(matches, ['tensor2d']);
    // What kind of package it is, is read once for each.
    assert.deepEqual(
      paths.filter((path) => !path.endsWith('/package.json')),
      [],
    );
  });
});
