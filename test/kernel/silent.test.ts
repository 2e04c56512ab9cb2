import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cellText, readNotebook } from '../../lib/ipynb';
import { answer } from '../../lib/kernel/compiler/answer';
import type { Compiler } from '../../lib/kernel/compiler/compile';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { asModule, TARGET } from '../../lib/kernel/compiler/program';
import { isSilent } from '../../lib/kernel/compiler/silent';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { notebooks } from './notebooks';

const parsed = (code: string) => {
  const how = { languageVersion: TARGET, setExternalModuleIndicator: asModule };
  return ts.createSourceFile('cell.ts', code, how, true);
};

/** The places of a cell of which its syntax says that there is nothing to tell. */
function silentPlaces(code: string): number[] {
  const file = parsed(code);
  return [...code].map((_, place) => place).filter((place) => isSilent(file, place));
}

describe('isSilent', () => {
  it('is so at keywords, and between statements', () => {
    const code = "import { join } from 'node:path';\n// const\nconst a = await join();\nclass B {}";
    const silent = new Set(silentPlaces(code));
    const marked = [...code].map((letter, place) => (silent.has(place) ? letter : '_')).join('');
    assert.equal(
      marked.replaceAll('\n', '|'),
      'import _________from _____________// const|const ____await __________________',
    );
  });

  it('asks no compiler there', () => {
    const never = new Proxy({}, { get: () => assert.fail('a compiler was asked') }) as Compiler;
    for (const [code, cursor] of [
      ["import { join } from 'node:path'", 6],
      ['const a = 1', 3],
    ] as const) {
      assert.deepEqual(answer(never, { kind: 'inspect', code, cursor }), {
        status: 'ok',
        found: false,
        data: {},
        metadata: {},
      });
    }
  });

  it('is so only where TypeScript has nothing to tell', () => {
    const compiler = createCompiler(temporaryFolder());
    const folder = join(projectRoot, 'notebooks');
    const lab = readdirSync(folder)
      .filter((name) => name.endsWith('.ipynb'))
      .flatMap((name) => readNotebook(join(folder, name)).cells)
      .filter(({ cell_type }) => cell_type === 'code')
      .map(cellText);
    const kept = Object.values(notebooks).flatMap((notebook) => notebook.map(([code]) => code));
    let silent = 0;
    // All of the kept cells would take a minute.
    for (const code of [...lab, ...kept.filter((_, i) => i % 10 === 0)]) {
      const places = silentPlaces(code);
      if (places.length === 0) continue;
      const { service, path } = compiler.edit(code);
      silent += places.length;
      for (const place of places) {
        const told = service.getQuickInfoAtPosition(path, place);
        assert.equal(told, undefined, `${code}\n\nat ${place}`);
      }
    }
    assert.ok(silent > 1000, `${silent} places`);
  });
});
