import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { disposeStateDict, equal, loadStateDict, saveStateDict } from '../../lib/weights';
import { decodeSafetensors, encodeSafetensors } from '../../lib/weights/safetensors';
import { temporaryFolder } from '../temporaryFolder';
import { make } from './small';

describe('saved weights that are damaged', () => {
  const path = join(temporaryFolder(), 'a.safetensors');
  const a = make([1, -2.5], 3);

  /** The file with one byte changed, the last of `before` in it, is refused and leaves no tensor. */
  function refusesChange(before: Uint8Array | string): void {
    saveStateDict(path, a, { seed: '7' });
    const bytes = readFileSync(path);
    const at = bytes.lastIndexOf(before) + Buffer.byteLength(before) - 1;
    bytes[at]! ^= 1;
    writeFileSync(path, bytes);
    const tensors = tf.memory().numTensors;
    assert.throws(
      () => loadStateDict(path),
      /a\.safetensors holds other tensors or metadata than were saved, so it is damaged; delete it/,
    );
    assert.equal(tf.memory().numTensors, tensors);
  }

  it('are refused by their checksum, be it a bit of a number, of a name or of metadata', () => {
    refusesChange(new Uint8Array(Float32Array.of(-2.5).buffer));
    refusesChange('"w');
    refusesChange('"seed":"7');
  });

  it('are taken as they are where another program left no checksum', () => {
    writeFileSync(path, encodeSafetensors(a, { seed: '7' }));
    const { stateDict, metadata } = loadStateDict(path);
    assert.ok(equal(stateDict, a));
    assert.deepEqual(metadata, { seed: '7' });
    disposeStateDict(stateDict);
  });

  it('leave no tensor where a later one cannot be read', () => {
    // 3 batches become 2⁶² + 3, which no int32 holds; in the header it stands last.
    const counted = { ...a, 'bn.num_batches_tracked': tf.scalar(3, 'int32') };
    const bytes = Buffer.from(encodeSafetensors(counted));
    const bodyStart = 8 + Number(bytes.readBigUInt64LE(0));
    bytes[bodyStart + 7] = 0x40;
    const tensors = tf.memory().numTensors;
    assert.throws(
      () => decodeSafetensors(bytes, 'x'),
      /'bn\.num_batches_tracked' from x: it is I64/,
    );
    assert.equal(tf.memory().numTensors, tensors);
  });
});
