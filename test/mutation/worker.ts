import { readdirSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import Mocha from 'mocha';
import { projectRoot } from '../../lib/root';
import { instrument } from './instrument';

/**
 * `worker.ts FOLDER`, of `run.ts`: loads test/FOLDER with all mutants of lib/FOLDER in it, and carries
 * out the tests that reach a mutant, for one mutant after the other.
 */

/** What the tests reach, as `run.ts` keeps it. */
export interface Coverage {
  /** Reached as the files are loaded: only a process of its own can tell of them. */
  readonly loading: readonly number[];
  /** Tests by their full titles, with how long they took. */
  readonly tests: Readonly<
    Record<string, { readonly ms: number; readonly ids: readonly number[] }>
  >;
}

export interface Order {
  readonly ids: readonly number[];
  /** Missing in the first order, which asks for it. */
  readonly coverage?: Coverage;
}

export type Told =
  | { readonly coverage: Coverage }
  | { readonly id: number; readonly fate: 'killed' | 'survived'; readonly by: string | undefined };

declare global {
  var mutant: (id: number) => boolean;
}

const [folder = '', active] = process.argv.slice(2);
let current = active === undefined ? -1 : Number(active);
let reached = new Set<number>();
globalThis.mutant = (id) => {
  reached.add(id);
  return id === current;
};

/** The sources of a folder of lib, but for lists of exports, and the number of each one's first mutant. */
export function sourcesOf(name: string): { readonly path: string; readonly firstId: number }[] {
  return readdirSync(join(projectRoot, 'lib', name))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .sort()
    .map((file, i) => ({ path: join(projectRoot, 'lib', name, file), firstId: 10_000 * i }));
}

type Load = (
  module: NodeJS.Module & { _compile(code: string, path: string): void },
  path: string,
) => void;

function loadInstrumented(): void {
  const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Load> };
  const usual = loaders['.ts']!;
  const firstIds = new Map(sourcesOf(folder).map(({ path, firstId }) => [path, firstId]));
  loaders['.ts'] = (module, path) => {
    const firstId = firstIds.get(path);
    if (firstId === undefined) return usual(module, path);
    const { text } = instrument(relative(projectRoot, path), readFileSync(path, 'utf8'), firstId);
    const options = { loader: 'ts', format: 'cjs', target: 'node20', sourcefile: path } as const;
    module._compile(transformSync(text, options).code, path);
  };
}

const tests = join(projectRoot, 'test', folder);
const mocha = new Mocha({ timeout: 60_000, bail: true, reporter: 'min' });
mocha.cleanReferencesAfterRun(false);

/** The test that failed first, if one did. */
const failing = (only?: readonly string[]) =>
  new Promise<string | undefined>((resolve) => {
    const escaped = only?.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    mocha.grep(escaped ? new RegExp(`^(${escaped.join('|')})$`) : /./);
    let failed: string | undefined;
    mocha
      .run(() => resolve(failed))
      .on('fail', (test) => {
        failed ??= test.fullTitle();
      });
  });

async function measured(): Promise<Coverage> {
  const loading = [...reached];
  const found: Record<string, { ms: number; ids: number[] }> = {};
  const ofHooks: [string, number[]][] = [];
  reached = new Set();
  const failed = await new Promise<number>((resolve) => {
    mocha.grep(/./);
    mocha
      .run(resolve)
      .on('hook end', (hook) => {
        ofHooks.push([hook.parent!.fullTitle(), [...reached]]);
        reached = new Set();
      })
      .on('test end', (test) => {
        found[test.fullTitle()] = { ms: test.duration ?? 0, ids: [...reached] };
        reached = new Set();
      });
  });
  if (failed > 0) throw new Error(`${failed} tests of ${folder} fail as they are`);
  // What a hook reaches, the tests of its suite may see.
  for (const [suite, ids] of ofHooks) {
    for (const [title, one] of Object.entries(found))
      if (title.startsWith(suite)) one.ids.push(...ids);
  }
  return { loading, tests: found };
}

async function work({ ids, coverage }: Order): Promise<void> {
  const tell = (told: Told) => process.send!(told);
  if (!coverage) return void tell({ coverage: await measured() });
  for (const [i, id] of ids.entries()) {
    current = id;
    const by = await failing(testsOf(coverage, id));
    current = -1;
    // What the one before has left behind must not be taken for this one's.
    const isClean = by === undefined || active !== undefined || (await failing([by])) === undefined;
    if (isClean || i === 0) tell({ id, fate: by === undefined ? 'survived' : 'killed', by });
    if (!isClean) return;
  }
}

/** All that there are, where only the loading reaches it. */
export function testsOf({ loading, tests }: Coverage, id: number): string[] {
  const isReached = loading.includes(id)
    ? () => true
    : ({ ids }: { ids: readonly number[] }) => ids.includes(id);
  return Object.keys(tests).filter((title) => isReached(tests[title]!));
}

if (require.main === module) {
  loadInstrumented();
  for (const name of readdirSync(tests))
    if (name.endsWith('.test.ts')) mocha.addFile(join(tests, name));
  process.once('disconnect', () => process.exit(1));
  process.once('message', (order: Order) => {
    void mocha
      .loadFilesAsync()
      .then(() => work(order))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
  });
}
