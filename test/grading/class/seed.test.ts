import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepSeed, keptSeed, readSeed } from '../../../lib/grading/class/seed';
import { merge } from '../../../lib/grading/class/shards';
import { temporaryFolder } from '../../temporaryFolder';

describe('seeds of a class', () => {
  it('are whole numbers, or refused: an empty file is no 0', () => {
    const out = temporaryFolder();
    assert.equal(keptSeed(out), undefined);
    keepSeed(out, 0);
    assert.equal(keptSeed(out), 0);
    for (const text of [
      '',
      '\n',
      '1.5',
      '-1',
      '0x10',
      '1e3',
      'seven',
      '99999999999999999999',
      '7 8',
    ]) {
      writeFileSync(join(out, 'seed.txt'), text);
      assert.throws(() => keptSeed(out), /seed\.txt must be a whole number from 0, got "/, text);
      assert.throws(() => readSeed(text, '--seed'), /--seed must be a whole number/, text);
    }
    mkdirSync(join(out, 'students'));
    writeFileSync(join(out, 'seed.txt'), '');
    assert.throws(() => merge([out], temporaryFolder()), /must be a whole number from 0, got ""/);
  });
});
