import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { readArguments, runCommand } from '../../lib/command';
import { writeAtomically } from '../../lib/files';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { instrument, type Mutant } from './instrument';
import { type Coverage, type Order, sourcesOf, type Told, testsOf } from './worker';

/**
 * How many small changes of lib its tests see: `npx tsx test/mutation/run.ts paths plane --draw 60`
 * draws so many mutants of each folder, or of its `--files lines,mistakes` alone, by a fixed seed, and
 * carries out the tests of the folder that reach them. What survives is printed; all of it is in
 * results/mutation-FOLDER.json, with which the same command goes on where it was.
 */

type Fate = 'killed' | 'hung' | 'survived' | 'not reached';

/** A mutant may take this many times as long as its tests do without it, and so long besides. */
const LONGER = 10;
const LEAST_MS = 15_000;

async function run(): Promise<number> {
  const options = {
    draw: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '' },
  } as const;
  const { values, positionals: folders } = readArguments('mutation', options);
  for (const folder of folders) {
    const only = values.files.split(',').filter(Boolean);
    const isMeant = (path: string) => only.length === 0 || only.includes(basename(path, '.ts'));
    const sources = sourcesOf(folder).filter(({ path }) => isMeant(path));
    const all = sources.flatMap(
      ({ path, firstId }) =>
        instrument(relative(projectRoot, path), readFileSync(path, 'utf8'), firstId).mutants,
    );
    const drawn = draw(all, Number(values.draw), Number(values.seed));
    const file = join(projectRoot, 'results', `mutation-${folder}.json`);
    const fates = keptFates(file, drawn);
    const told = () => drawn.map((mutant) => ({ ...mutant, fate: fates.get(mutant.id) }));
    const keep = (id: number, fate: Fate) => {
      fates.set(id, fate);
      writeAtomically(file, `${JSON.stringify(told(), null, 1)}\n`);
    };
    await decideFates(folder, drawn, fates, keep);
    const count = (...some: Fate[]) =>
      told().filter(({ fate }) => fate && some.includes(fate)).length;
    for (const { fate, file, line, before, after } of told()) {
      if (fate === 'survived' || fate === 'not reached')
        console.log(`${file}:${line} ${fate}: ${before}  →  ${after}`);
    }
    console.log(
      `${folder}: ${all.length} mutants, ${drawn.length} drawn: ${count('killed')} killed, ` +
        `${count('hung')} without end, ${count('survived')} survived, ${count('not reached')} not reached`,
    );
  }
  return 0;
}

function draw(all: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = generator(seed);
  const left = [...all];
  const drawn: Mutant[] = [];
  while (drawn.length < count && left.length > 0)
    drawn.push(...left.splice(random.integer(left.length), 1));
  return drawn.sort((a, b) => a.id - b.id);
}

/** What an earlier run has come to for the same mutants; what survived is tried again. */
function keptFates(file: string, drawn: readonly Mutant[]): Map<number, Fate> {
  if (!existsSync(file)) return new Map();
  const kept = JSON.parse(readFileSync(file, 'utf8')) as (Mutant & { fate?: Fate })[];
  const nameOf = ({ id, line, before, after }: Mutant) => JSON.stringify([id, line, before, after]);
  const ours = new Set(drawn.map(nameOf));
  return new Map(
    kept.flatMap(({ fate, ...one }) =>
      (fate === 'killed' || fate === 'hung') && ours.has(nameOf(one)) ? [[one.id, fate]] : [],
    ),
  );
}

async function decideFates(
  folder: string,
  drawn: readonly Mutant[],
  fates: ReadonlyMap<number, Fate>,
  keep: (id: number, fate: Fate) => void,
): Promise<void> {
  let coverage: Coverage | undefined;
  await inWorker(
    folder,
    { ids: [] },
    undefined,
    () => 600_000,
    (told) => {
      if ('coverage' in told) coverage = told.coverage;
    },
  );
  if (!coverage) throw new Error(`${folder}: its tests were not carried out`);
  const measured = coverage;
  const limit = (id: number) =>
    LEAST_MS +
    LONGER * testsOf(measured, id).reduce((sum, title) => sum + measured.tests[title]!.ms, 0);
  const take = (told: Told) => {
    if ('fate' in told) keep(told.id, told.fate);
  };
  for (;;) {
    const ids = drawn.map(({ id }) => id).filter((id) => !fates.has(id));
    const [first] = ids;
    if (first === undefined) return;
    if (testsOf(measured, first).length === 0) {
      keep(first, 'not reached');
      continue;
    }
    const isLoading = measured.loading.includes(first);
    const some = isLoading
      ? [first]
      : ids.filter((id) => !measured.loading.includes(id) && testsOf(measured, id).length > 0);
    const before = fates.size;
    const end = await inWorker(
      folder,
      { ids: some, coverage: measured },
      isLoading ? first : undefined,
      limit,
      take,
    );
    // The one that it was at, which ended the process or had to be ended.
    const at = some.find((id) => !fates.has(id));
    if (at !== undefined && (end === 'failed' || end === 'hung'))
      keep(at, end === 'hung' ? 'hung' : 'killed');
    else if (fates.size === before) throw new Error(`${folder}: mutant ${at} came to nothing`);
  }
}

type End = 'done' | 'failed' | 'hung';

/** Carries an order out in a process of its own, which is ended where it takes too long for one mutant. */
function inWorker(
  folder: string,
  order: Order,
  active: number | undefined,
  limit: (id: number) => number,
  take: (told: Told) => void,
): Promise<End> {
  const args = [folder, ...(active === undefined ? [] : [String(active)])];
  const worker = fork(join(__dirname, 'worker.ts'), args, {
    cwd: projectRoot,
    execArgv: ['--require', 'tsx/cjs', '--max-old-space-size=2000'],
    stdio: ['ignore', 'ignore', order.coverage ? 'ignore' : 'inherit', 'ipc'],
  });
  worker.send(order);
  let [done, isHung] = [0, false];
  let timer: NodeJS.Timeout;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        isHung = true;
        worker.kill('SIGKILL');
      },
      limit(order.ids[done] ?? -1),
    );
  };
  wait();
  return new Promise((resolve) => {
    worker.on('message', (told: Told) => {
      done++;
      take(told);
      wait();
    });
    worker.on('exit', (code) => {
      clearTimeout(timer);
      resolve(isHung ? 'hung' : code === 0 ? 'done' : 'failed');
    });
  });
}

runCommand(run);
