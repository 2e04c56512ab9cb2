import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../lib/root';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** Each package that the project asks for, and in which version. */
function asked(): Map<string, string> {
  const npm = ['package.json', 'lib/package.json', 'lib/kernel/package.json'].flatMap((path) => {
    const { dependencies, devDependencies } = JSON.parse(read(path));
    return Object.entries<string>({ ...dependencies, ...devDependencies });
  });
  const python = read('lib/jupyter/requirements.txt').trim().split('\n');
  return new Map([...npm, ...python.map((line) => line.split('==') as [string, string])]);
}

/** The cells of a table's rows under a heading, without the table's head. */
function rowsUnder(heading: string): string[][] {
  const section = read('docs/dependencies.md').split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

describe('docs/dependencies.md', () => {
  it('says what each package is for, and of no other', () => {
    const told = rowsUnder('What and why').flatMap(([names]) => names!.split(', '));
    assert.deepEqual(told.sort(), [...asked().keys()].sort());
  });

  it('has figures of each package in the version that is asked for', () => {
    const told = rowsUnder('Figures').map(([name, version]) => [name, version]);
    assert.deepEqual(told.sort(), [...asked()].sort());
    for (const [name, , newest, licence, megabytes] of rowsUnder('Figures')) {
      assert.match(newest!, /^\d/, name);
      assert.match(licence!, /\w/, name);
      assert.ok(Number(megabytes) > 0, name);
    }
  });

  // npm runs scripts of these names by itself after an installation, which is to change nothing else.
  it('is written by no script that npm runs after an installation', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    const own = [
      'preinstall',
      'install',
      'postinstall',
      'dependencies',
      'prepublish',
      'postprepare',
    ];
    assert.deepEqual(
      own.filter((name) => name in scripts),
      [],
    );
    assert.equal(scripts.prepare, 'node lib/commands/prepare.cjs');
  });
});
