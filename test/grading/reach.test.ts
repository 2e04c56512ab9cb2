import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';

describe('grading', () => {
  it('is known to its commands alone: nobody reaches it by pathlab', () => {
    const lib = join(projectRoot, 'lib');
    const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules)\/|^grading\//.test(name),
    );
    assert.ok(files.includes('index.ts'));
    const knowing = files.filter((name) =>
      /['"][^'"\n]*\bgrading\/[^'"\n]*['"]/.test(readFileSync(join(lib, name), 'utf8')),
    );
    const commands = ['grade.ts', 'gradescope.ts', 'submit.ts'];
    assert.deepEqual(
      knowing.sort(),
      commands.map((name) => join('commands', name)),
    );
  });
});
