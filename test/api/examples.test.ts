import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inspect } from 'node:util';
import ts from 'typescript';
import * as pathlab from '../../lib/lab';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { compilerOptions, type PublicName, publicNames } from './surface';

/**
 * The examples in the docstrings of `pathlab`: each compiles and runs after the lines of
 * lib/README.md that it says it begins with, and a line that ends in `// → value` gives it.
 */
describe('the examples of pathlab', function () {
  this.timeout(120_000);
  /** What only a notebook can do: compiled, and not run. */
  const IN_NOTEBOOK = /^\/\/ in a notebook\n/;
  /** What needs files that are not here. */
  const GIVEN_FILES = /^\/\/ given /;
  let examples: ReturnType<typeof exampleOf>;
  before(() => {
    examples = publicNames().flatMap(exampleOf);
    assert.ok(examples.length > 90);
  });
  const given = /```ts\n([\s\S]*?)```/.exec(
    readFileSync(join(projectRoot, 'lib', 'README.md'), 'utf8'),
  )![1]!;

  it('compile', () => {
    const program = programOf(
      examples.map(({ name, code }) => [name, moduleOf(code, (lines) => lines)] as const),
    );
    const faults = program
      .getRootFileNames()
      .flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
      .map(({ file, messageText }) => {
        const [, name] = /example-(\w+)/.exec(file!.fileName)!;
        return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      });
    assert.deepEqual(faults, []);
  });

  it('run and give what they say', async () => {
    const before = process.cwd();
    const { log } = console;
    const faults: string[] = [];
    console.log = () => undefined;
    try {
      for (const { name, code } of examples) {
        if (IN_NOTEBOOK.test(code) || GIVEN_FILES.test(code)) continue;
        process.chdir(temporaryFolder());
        await run(moduleOf(code, checked)).catch((error) => faults.push(`${name}: ${error}`));
      }
    } finally {
      console.log = log;
      process.chdir(before);
    }
    assert.deepEqual(faults, []);
  });

  function exampleOf({ name, file, tags }: PublicName) {
    const text = tags.find((tag) => tag.name === 'example')?.text;
    if (text === undefined || file.startsWith('kernel')) return [];
    const code = /^```ts\n([\s\S]*)```$/.exec(text.trim())?.[1];
    assert.ok(code !== undefined, `${name}: its example is no block of ts`);
    return [{ name, code }];
  }

  /** An example as a module of its own, which exports a function that carries it out. */
  function moduleOf(code: string, change: (code: string) => string): string {
    const [imports, lines] = [given.match(/^import .*$/gm)!, given.replace(/^import .*$/gm, '')];
    const names = Object.keys(pathlab).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    const taken = new Set([...imports.join().matchAll(/\w+/g)].map(([word]) => word));
    const more = names.filter((name) => !taken.has(name));
    return [
      ...imports,
      `import { ${more.join(', ')} } from 'pathlab';`,
      "import type { Nonlinearity } from 'pathlab';",
      'declare function gives(value: unknown, told: string): void;',
      `export async function example() {${lines}{\n${change(code)}\n} }`,
    ].join('\n');
  }

  /** `value; // → told` becomes a comparison. */
  function checked(code: string): string {
    return code.replace(
      /^( *)([^;\n]+); \/\/ → (.*)$/gm,
      (_, indent, value, told) => `${indent}gives(${value}, ${JSON.stringify(told)});`,
    );
  }

  function gives(value: unknown, told: string): void {
    assert.equal(inspect(value, { breakLength: Infinity, depth: 5 }), told);
  }

  async function run(module: string): Promise<void> {
    const { outputText } = ts.transpileModule(module, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const ofTest = createRequire(__filename);
    const require = (id: string) => (id === 'pathlab' ? pathlab : ofTest(id));
    const exports: { example?: () => Promise<void> } = {};
    new Function('exports', 'require', 'gives', outputText)(exports, require, gives);
    await exports.example!();
  }

  function programOf(modules: readonly (readonly [name: string, text: string])[]): ts.Program {
    const options: ts.CompilerOptions = {
      ...compilerOptions(),
      // As in a notebook.
      noUncheckedIndexedAccess: false,
      noUnusedLocals: false,
      paths: { pathlab: [join(projectRoot, 'lib', 'lab.ts')] },
    };
    const texts = new Map(
      modules.map(([name, text]) => [join(projectRoot, 'test', `example-${name}.ts`), text]),
    );
    const host = ts.createCompilerHost(options);
    const { fileExists, getSourceFile } = host;
    host.fileExists = (file) => texts.has(file) || fileExists.call(host, file);
    host.getSourceFile = (file, language, ...rest) =>
      texts.has(file)
        ? ts.createSourceFile(file, texts.get(file)!, language)
        : getSourceFile.call(host, file, language, ...rest);
    return ts.createProgram([...texts.keys()], options, host);
  }
});
