import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { notebookText, readNotebook } from '../ipynb';
import { projectRoot, shortPath } from '../root';
import { studentCopy } from '../workbook';

/**
 * `npm run release -- --out FOLDER`: a git repository with the students' notebooks and nothing that
 * gives an answer away, to be pushed where nbgitpuller finds it. Run again it adds what has changed
 * as a commit; `--part 0,1` releases some parts alone, and leaves those that were released.
 */
async function release(): Promise<number> {
  const options = readOptions('release', { out: { type: 'string' }, part: { type: 'string' } });
  if (options.out === undefined) {
    throw new InputError('release: say where to, as in npm run release -- --out ../course');
  }
  const out = resolve(options.out);
  const sources = join(projectRoot, 'notebooks', 'instructor');
  const parts = chooseParts(sources, options.part);
  const copies = parts.map((part) => notebookText(studentCopy(readNotebook(join(sources, part)))));
  requireRoom(out);
  requireOwn(out);
  for (const [i, part] of parts.entries()) writeAtomically(join(out, part), copies[i]!);
  writeAtomically(join(out, 'README.md'), README);
  writeAtomically(join(out, '.gitignore'), '.ipynb_checkpoints/\n');
  if (!existsSync(join(out, '.git'))) git(out, 'init', '--quiet', '--initial-branch', 'main');
  // What a release that failed has left to be committed is none of it.
  const own = ['--', ...parts, 'README.md', '.gitignore'];
  git(out, 'add', ...own);
  const asked = ['diff', '--cached', '--quiet', ...own];
  const nothing = spawnSync('git', asked, { cwd: out }).status === 0;
  if (nothing) {
    console.log(`${shortPath(out)} holds all of it already`);
    return 0;
  }
  git(out, 'commit', '--quiet', '--message', `Release ${parts.join(', ')}`, ...own);
  console.log(`${parts.join(', ')} committed in ${shortPath(out)}; push it to where students pull`);
  return 0;
}

const README = `# Paths between minima of neural nets

The notebooks of the lab. Open \`part-0.ipynb\` first: it shows how the others work. Your answers stay when a new part is pulled.
`;

function chooseParts(folder: string, wanted: string | undefined): string[] {
  if (!existsSync(folder)) {
    throw new InputError(
      `release: ${shortPath(folder)} is not there; get the instructor's copy of this project`,
    );
  }
  const all = readdirSync(folder).filter((name) => /^part-.*\.ipynb$/.test(name));
  if (wanted === undefined) return all;
  const parts = [...new Set(wanted.split(',').map((part) => `part-${part.trim()}.ipynb`))];
  const unknown = parts.find((part) => !all.includes(part));
  if (unknown === undefined) return parts;
  throw new InputError(
    `release: --part ${wanted} names ${unknown}, which is none of ${all.join(', ')}`,
  );
}

/** What is no release of before is somebody's, and is left alone. */
function requireOwn(out: string): void {
  const others = readdirSync(out).filter(
    (name) => name !== '.git' && name !== '.ipynb_checkpoints',
  );
  if (others.length === 0) return;
  const readme = join(out, 'README.md');
  if (existsSync(readme) && readFileSync(readme, 'utf8').startsWith(README.split('\n')[0]!)) return;
  throw new InputError(
    `release: ${shortPath(out)} holds ${others[0]}, and no release; choose an empty folder or one of before`,
  );
}

function git(cwd: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  const said = (error?.message ?? stderr).trim().split('\n')[0];
  const remedy = /ident/i.test(said ?? '')
    ? 'tell git who you are (git config --global user.name NAME, and user.email)'
    : 'see to that';
  throw new InputError(
    `release: git ${args[0]} failed in ${shortPath(cwd)}: ${said}; ${remedy}, and release again`,
  );
}

runCommand(release);
