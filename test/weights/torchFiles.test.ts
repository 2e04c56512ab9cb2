import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { equal, loadStateDict, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';

describe('loadStateDict of files that Python pickled', () => {
  const temporary = temporaryFolder();

  it('says of those of pickle.dump as well what makes safetensors of them', () => {
    // Python's pickle.dumps({}, protocol).hex() for the protocols 2 to 5.
    const pickles = ['80027d71002e', '80037d71002e', '80047d942e', '80057d942e'];
    for (const [i, hex] of pickles.entries()) {
      const path = join(temporary, `plain${i}.pkl`);
      writeFileSync(path, Buffer.from(hex, 'hex'));
      assert.throws(() => loadStateDict(path), /is a file of pickle\.dump; if you trust it/);
    }
  });

  it('knows those of torch.save by their first four bytes, whatever follows', () => {
    // torch 2.15: torch.save({}, f), and with _use_new_zipfile_serialization=False.
    const heads = ['504b0304000008080000', '80028a0a6cfc9c46f9206aa85019'];
    for (const [i, hex] of heads.entries()) {
      const path = join(temporary, `torch${i}.pt`);
      writeFileSync(path, Buffer.from(hex, 'hex'));
      assert.throws(
        () => loadStateDict(path),
        /is a file of torch\.save; make safetensors of it by/,
      );
    }
  });

  it('says of no other file that it is pickled: the command for it would fail', () => {
    // Protocols that Python does not have, another first byte, no STOP, a brace for a header.
    const others = ['8001', '8006', '8103', '0003'].map((head) => `${head}7d7100000000002e`);
    for (const hex of [...others, '80037d71002e00', '80030000000000007b7d2e']) {
      const path = join(temporary, 'other.bin');
      writeFileSync(path, Buffer.from(hex, 'hex'));
      assert.throws(() => loadStateDict(path), /other\.bin is no whole safetensors file/, hex);
    }
  });

  it('takes a safetensors file that begins as a pickle does', () => {
    // A header of 0x0480 bytes begins with 80 and 04, as PROTO 4 does; its last byte is 2e, as STOP.
    const path = join(temporary, 'header.safetensors');
    const w = tf.tensor1d(new Float32Array(Uint32Array.of(0x2e000000).buffer));
    saveStateDict(path, { w }, { fill: 'x'.repeat(0x0480 - 170) });
    const { stateDict } = loadStateDict(path);
    const bytes = readFileSync(path);
    assert.deepEqual([bytes[0], bytes[1], bytes[2], bytes.at(-1)], [0x80, 0x04, 0, 0x2e]);
    assert.ok(equal(stateDict, { w }));
    tf.dispose([w, stateDict]);
  });

  it('tells commands that a shell takes whatever a path is called', () => {
    const path = join(temporary, `the student's "best" $HOME.pt`);
    writeFileSync(path, Buffer.from('504b0304', 'hex'));
    let message = '';
    try {
      loadStateDict(path);
    } catch (error) {
      ({ message } = error as Error);
    }
    const command = message.slice(message.indexOf('python -c'));
    const words = execFileSync('sh', ['-c', `python() { printf '%s\\n' "$@"; }; ${command}`], {
      encoding: 'utf8',
    });
    assert.deepEqual(words.trimEnd().split('\n').slice(2), [
      path,
      path.replace(/\.pt$/, '.safetensors'),
    ]);
  });
});
