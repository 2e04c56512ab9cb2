import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';

describe('docs/grading.md', () => {
  it('names each file that a folder of grades holds', () => {
    const folder = join(projectRoot, 'lib', 'grading');
    const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const written = programs.flatMap((text) => [...text.matchAll(/join\(out, '([\w.]+)'\)/g)]);
    const files = [...new Set(written.map(([, name]) => name!))];
    const page = readFileSync(join(projectRoot, 'docs', 'grading.md'), 'utf8');
    const table = page.split('## What is kept')[1]!.split('\n\n')[2]!;
    assert.ok(files.length > 10, 'they were found');
    const unnamed = files.filter((name) => !RegExp(`\`${name}[\`/]`).test(table));
    assert.deepEqual(unnamed, []);
  });
});
