import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../lib/files';

const FOLDER = join(__dirname, 'snapshots');

/**
 * Compares a specification with the one kept in `snapshots/`, numbers rounded to four digits. It
 * guards against changes nobody meant; whether a picture is right, the other tests and a look at
 * it must say. After a change that was meant, write the snapshots anew and look at the difference:
 *
 *     UPDATE_SNAPSHOTS=1 npx mocha --no-config --require tsx 'test/plots/*.test.ts'
 *     npx biome format --write test/plots/snapshots && git diff test/plots/snapshots
 */
export function matchSnapshot(name: string, spec: object): void {
  const path = join(FOLDER, `${name}.json`);
  const text = `${JSON.stringify(spec, rounded, 2)}\n`;
  if (process.env.UPDATE_SNAPSHOTS) writeAtomically(path, text);
  assert.ok(existsSync(path), `no snapshot ${name}; see test/plots/snapshot.ts on how to write it`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(path, 'utf8')));
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
