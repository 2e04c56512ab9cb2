import { strict as assert } from 'node:assert';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { answer } from '../../lib/kernel/compiler/answer';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

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

  describe('of many names of earlier cells', () => {
    /** Twelve variables, and one name of every other kind. */
    const cells = [
      Array.from({ length: 12 }, (_, i) => `const many${i} = ${i};`).join(' '),
      'let manyLet = 1; function manyFunction(n: number) { return n }',
      'class ManyClass { x = 1 } enum ManyEnum { A } namespace ManySpace { export interface Of { x: 1 } export const x = 1 }',
      'interface ManyShape { side: number } type ManyTexts = string[];',
      "import { readFileSync as manyRead, type StatOptions as ManyOptions } from 'node:fs';",
    ];
    const compiler = createCompiler(temporaryFolder());
    before(() => {
      for (const code of cells) {
        const compiled = compiler.compile(code);
        assert.ok('knowledge' in compiled, JSON.stringify(compiled));
        compiler.learn(compiled.knowledge);
      }
    });
    const asked = (code: string) => {
      const question = { kind: 'complete', code, cursor: code.length } as const;
      const { matches, metadata } = answer(compiler, question) as unknown as {
        matches: string[];
        metadata: { _jupyter_types_experimental: { type: string; signature?: string }[] };
      };
      const types = metadata._jupyter_types_experimental;
      return Object.fromEntries(matches.map((name, i) => [name, types[i]!]));
    };

    it('offers values where a value stands, with what they are', () => {
      const found = asked('1 + man');
      const kinds = Object.entries(found).map(([name, { type }]) => [name, type]);
      assert.deepEqual(Object.fromEntries(kinds), {
        ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`many${i}`, 'constant'])),
        manyLet: 'variable',
        manyFunction: 'function',
        manyRead: 'variable',
        ManyClass: 'class',
        ManyEnum: 'enum',
        ManySpace: 'variable',
      });
    });

    it('offers types where a type stands, and tells the few as they are', () => {
      const found = asked('let shape: man');
      assert.deepEqual(Object.keys(found).sort(), [
        ...['ManyClass', 'ManyEnum', 'ManyOptions', 'ManyShape', 'ManySpace', 'ManyTexts'],
      ]);
      assert.equal(found.ManyTexts?.signature, 'type ManyTexts = string[]');
      assert.equal(found.ManyShape?.signature, 'interface ManyShape');
    });

    it('offers none of them behind a dot, and what the cell mentions by its type', () => {
      assert.deepEqual(Object.keys(asked('new ManyClass().')), ['x']);
      assert.deepEqual(Object.keys(asked('new ManyClass().man')), []);
      assert.deepEqual(Object.keys(asked('const mine = many1; mine.toFix')), ['toFixed']);
    });

    it('reads no declaration of theirs', () => {
      const names = ['manyFunction', 'ManyClass', 'ManyShape'];
      const sessionOf = (also: readonly string[], offered: readonly string[]) => {
        const { service, path } = compiler.edit('1', also, offered);
        const folder = dirname(path);
        return service.getProgram()!.getSourceFile(join(folder, '__session__.d.ts'))!.text;
      };
      assert.match(sessionOf(names, []), /namespace __cell_2__ .*namespace __cell_3__ /s);
      assert.equal(sessionOf([], names), '');
    });
  });
});
