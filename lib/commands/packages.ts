import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { ensurePython } from '../jupyter/python';
import { projectRoot } from '../root';

/** Between these two lines of the page the figures stand. */
const BEGIN = '<!-- figures -->';
const END = '<!-- end of figures -->';
const page = join(projectRoot, 'docs', 'dependencies.md');
const modules = join(projectRoot, 'node_modules');

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** On the disk, of an npm package with all that it brings. */
  readonly bytes: number;
  /** How many packages, others' among them; unknown of Python's. */
  readonly brings: number | null;
  /** The newest release, of an npm package with its day. */
  readonly newest: string;
}

/** `npm run packages`: measures what is installed and writes the figures into the page. */
async function dependencies(): Promise<number> {
  readOptions('packages', {});
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(`${BEGIN}\n`);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new InputError(
      `${page}: expected the lines ${BEGIN} and ${END}, got none; put them back`,
    );
  }
  const npm = readRoots().map(({ name, version }) => npmPackage(name, version));
  const figures = [...npm, ...(await pythonPackages())].map(row).join('\n');
  const head =
    '| package | version | newest | licence | MB | packages |\n|---|---|---|---|---|---|';
  const whole = megabytes(bytesOf(modules));
  const python = megabytes(bytesOf(join(projectRoot, '.venv')));
  const sum = `\n\nAll of \`node_modules\`: ${whole} MB; all of \`.venv\`: ${python} MB.\n`;
  writeAtomically(page, `${before}${BEGIN}\n${head}\n${figures}${sum}${END}${after}`);
  return 0;
}

/** The packages that the project and its workspaces ask for by themselves. */
function readRoots(): { name: string; version: string }[] {
  const asked = ['.', 'lib', 'lib/kernel'].flatMap((folder) => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(projectRoot, folder, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
    return Object.entries({ ...dependencies, ...devDependencies });
  });
  return [...new Map(asked)].sort().map(([name, version]) => ({ name, version }));
}

function npmPackage(name: string, version: string): Package {
  const json = execFileSync('npm', ['view', name, '--json', 'dist-tags', 'time', 'license'], {
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  const told = JSON.parse(json);
  const newest = told['dist-tags'].latest as string;
  const folders = closure(name);
  return {
    name,
    version,
    license: told.license,
    bytes: folders.reduce((sum, folder) => sum + bytesOf(folder), 0),
    brings: folders.length - 1,
    newest: `${newest}, ${told.time[newest].slice(0, 10)}`,
  };
}

/** The folders of a package and of all that it needs, of those that are installed. */
function closure(name: string): string[] {
  const found = new Set<string>();
  const visit = (from: string, wanted: string) => {
    const path = resolveFrom(from, wanted);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(path, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(path, next);
  };
  visit(projectRoot, name);
  return [...found];
}

/** As Node looks for a package: in the `node_modules` of the folder and of those above it. */
function resolveFrom(folder: string, name: string): string | undefined {
  const path = join(folder, 'node_modules', name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  return folder === projectRoot ? undefined : resolveFrom(join(folder, '..'), name);
}

/** What a folder holds, as `du` counts it, without the packages nested in it. */
function bytesOf(folder: string): number {
  const nested = folder === modules ? [] : ['--exclude=node_modules'];
  const { stdout } = spawnSync('du', ['-sk', ...nested, folder], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) * 1024;
}

/** pip tells no day of a release. */
async function pythonPackages(): Promise<Package[]> {
  const python = await ensurePython();
  const run = (...args: string[]) => execFileSync(python, args, { encoding: 'utf8' });
  const requirements = join(projectRoot, 'lib', 'jupyter', 'requirements.txt');
  return readFileSync(requirements, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('=='))
    .map(([name = '', version = '']) => {
      const newest = run('-m', 'pip', 'index', 'versions', name).match(/\((.*)\)/)?.[1] ?? '';
      return { name, version, newest, ...JSON.parse(run('-c', METADATA, name)) };
    });
}

const METADATA = `
import importlib.metadata, json, sys
found = importlib.metadata.distribution(sys.argv[1])
classified = [line.split(":: ")[-1] for line in found.metadata.get_all("Classifier") if "License ::" in line]
license = found.metadata["License-Expression"] or next(iter(classified), found.metadata["License"])
size = sum(path.locate().stat().st_size for path in found.files if path.locate().exists())
print(json.dumps({"license": license, "bytes": size, "brings": None}))
`;

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

function row({ name, version, newest, license, bytes, brings }: Package): string {
  return `| ${name} | ${version} | ${newest} | ${license} | ${megabytes(bytes)} | ${brings ?? ''} |`;
}

runCommand(dependencies);
