import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../lib/errors';
import { fingerprint } from '../../lib/weights';
import { decodeSafetensors, encodeSafetensors } from '../../lib/weights/safetensors';
import { HEADER_LIMIT, readHeader } from '../../lib/weights/safetensorsHeader';

/** A file without numbers, `length` bytes of header, of which the text is the first. */
function fileOf(header: string | Uint8Array, length = Buffer.byteLength(header)): Buffer {
  const file = Buffer.alloc(8 + length);
  file.writeBigUInt64LE(BigInt(length));
  file.set(Buffer.from(header), 8);
  return file;
}

/** What safetensors 0.8.0 says of each file in here, `deserialize` said on trial. */
describe('the header of safetensors', () => {
  const entry = (fields: string) => `{"w":{"dtype":"F32",${fields}}}`;
  const refuses = (file: Buffer, why: RegExp) =>
    assert.throws(
      () => readHeader(file, 'x'),
      (error: Error) => {
        assert.match(error.message, why);
        return error instanceof InputError;
      },
    );

  it('is UTF-8 without a mark before it', () => {
    const good = entry('"shape":[0],"data_offsets":[0,0]');
    assert.deepEqual(readHeader(fileOf(good), 'x').entries.get('w')!.shape, [0]);
    refuses(fileOf(`\ufeff${good}`), /its header is no JSON/);
    refuses(fileOf(Buffer.from(good.replace('w', '\xff'), 'latin1')), /its header is no UTF-8/);
  });

  it('has metadata that are a map of strings, or null', () => {
    const metadata = (json: string) => fileOf(`{"__metadata__":${json}}`);
    assert.deepEqual(readHeader(metadata('{"a":"b"}'), 'x').metadata, { a: 'b' });
    assert.deepEqual(readHeader(metadata('null'), 'x').metadata, {});
    for (const other of ['1', '"a"', '[]', '["a"]', '{"a":1}', '{"a":"b","c":null}']) {
      refuses(metadata(other), /its __metadata__ should be a map of strings/);
    }
  });

  it('may say more of a tensor, any numbers too', () => {
    const more = entry('"shape":[0],"data_offsets":[0,0],"x":[1.5,1e2,1.5e2,-0,3]');
    assert.equal(readHeader(fileOf(more), 'x').entries.size, 1);
  });

  it('says each thing of a tensor once, as an object or as a list of the three', () => {
    refuses(fileOf(entry('"shape":[0],"shape":[0,0]')), /'w' should have .*, each once/);
    const list = (more: string) => fileOf(`{"w":["F32",[0],[0,0]${more}]}`);
    assert.equal(readHeader(list(''), 'x').entries.size, 1);
    refuses(list(',1'), /'w' should have .*, each once/);
  });

  it('has sizes that 64 bits hold, though a 0 stands before them, and no −0', () => {
    for (const size of ['18446744073709551616', '-0']) {
      const file = fileOf(entry(`"shape":[0,${size}],"data_offsets":[0,0]`));
      refuses(file, /'w' has no valid shape and data_offsets/);
    }
    // A whole file, though no tensor of tfjs has that shape.
    const largest = fileOf(entry('"shape":[0,18446744073709551615],"data_offsets":[0,0]'));
    assert.equal(readHeader(largest, 'x').entries.size, 1);
  });

  it('takes 100 000 000 bytes at the most, read or written', () => {
    // What is no JSON was let in.
    refuses(fileOf('', 100_000_000), /its header is no JSON/);
    refuses(fileOf('', 100_000_001), /its header should be 100000001 bytes in a file of 100000009/);
    const written = (note: number) => encodeSafetensors({}, { note: 'x'.repeat(note) });
    const around = '{"__metadata__":{"note":""}}'.length;
    assert.equal(written(HEADER_LIMIT - around).length, 8 + 100_000_000);
    assert.throws(
      () => written(HEADER_LIMIT - around + 1),
      /cannot hold .*: names and metadata take 100000008 bytes, at most 100000000 fit/,
    );
  });

  it('is filled up to a multiple of 8 bytes by as few spaces as that takes', () => {
    for (let n = 0; n < 8; n++) {
      const text = JSON.stringify({ __metadata__: { n: 'x'.repeat(n) } });
      const { length } = encodeSafetensors({}, { n: 'x'.repeat(n) });
      assert.equal(length, 8 + 8 * Math.ceil(text.length / 8));
    }
  });

  it('has metadata only where there are some: fingerprints and checksums of before hold', () => {
    const w = tf.tensor1d([1.5, -2]);
    // hashlib.sha256(safetensors.torch.save({'w': torch.tensor([1.5, -2.])})).hexdigest()[:16]
    assert.equal(fingerprint({ w }), '750861a29a826e00');
    assert.deepEqual(decodeSafetensors(encodeSafetensors({ w }), 'x').metadata, {});
    w.dispose();
  });
});
