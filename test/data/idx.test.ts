import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { parseIdxImages, parseIdxLabels } from '../../lib/data';
import { InputError } from '../../lib/errors';
import { idxBytes } from './idxFiles';

const pixels = Array.from({ length: 30 }, (_, i) => 8 * i);

const good = idxBytes([2, 3, 5], pixels);

/** The good file of two 3×5 images with one byte overwritten. */
function spoilt(at: number, byte: number): Buffer {
  return Buffer.from(good.with(at, byte));
}

function refuses(parse: () => unknown, message: RegExp): void {
  assert.throws(
    parse,
    (error) =>
      error instanceof InputError &&
      message.test(error.message) &&
      error.message.startsWith('some/file: expected ') &&
      error.message.includes('replace it with a good copy'),
  );
}

describe('IDX files', () => {
  it('gives images of any size, raw or gzip', () => {
    const raw = idxBytes([2, 3, 5], pixels);
    for (const bytes of [raw, gzipSync(raw)]) {
      const images = parseIdxImages('some/file', bytes);
      assert.deepEqual([images.count, images.height, images.width], [2, 3, 5]);
      assert.deepEqual([...images.pixels], pixels);
    }
  });

  it('gives labels, raw or gzip', () => {
    const raw = idxBytes([4], [3, 0, 9, 255]);
    for (const bytes of [raw, gzipSync(raw)]) {
      assert.deepEqual([...parseIdxLabels('some/file', bytes)], [3, 0, 9, 255]);
    }
  });

  it('reads a file inside a larger buffer where it stands, without copying', () => {
    const raw = idxBytes([2, 3, 5], pixels);
    const larger = Buffer.concat([Buffer.alloc(7, 1), raw]);
    const images = parseIdxImages('some/file', larger.subarray(7));
    assert.deepEqual([...images.pixels], pixels);
    assert.equal(images.pixels.buffer, larger.buffer);
  });

  it('takes a file of no images and no labels', () => {
    assert.equal(parseIdxImages('some/file', idxBytes([0, 3, 5], [])).count, 0);
    assert.equal(parseIdxLabels('some/file', idxBytes([0], [])).length, 0);
  });

  it('reads sizes as unsigned, most significant byte first', () => {
    // 0x00000102 = 258 labels.
    const bytes = Buffer.from([0, 0, 8, 1, 0, 0, 1, 2, ...new Array<number>(258).fill(7)]);
    assert.equal(parseIdxLabels('some/file', bytes).length, 258);
    const huge = Buffer.from([0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff]);
    refuses(() => parseIdxLabels('some/file', huge), /4294967303 bytes .* got 8/);
  });

  const damaged: [string, Buffer, RegExp][] = [
    ['an empty file', Buffer.alloc(0), /an IDX header, got 0 bytes/],
    ['three bytes', Buffer.from([0, 0, 8]), /an IDX header, got 3 bytes/],
    ['a first byte', spoilt(0, 0x89), /two zero bytes, got 0x89 0x00/],
    ['a second byte', spoilt(1, 1), /two zero bytes, got 0x00 0x01/],
    ['floats', spoilt(2, 0x0d), /type code 0x08 .* got 0x0d/],
    ['signed bytes', spoilt(2, 0x09), /type code 0x08 .* got 0x09/],
    ['rank 4', spoilt(3, 4), /images \(3 dimensions\), got 4 dimensions/],
    ['labels', idxBytes([3], [1, 2, 3]), /images \(3 dimensions\), got 1 dimensions/],
    ['a cut header', good.subarray(0, 11), /header of 16 bytes, got 11 bytes/],
    ['a byte less', good.subarray(0, 45), /46 bytes \(16 of header, 2×3×5 .*got 45/],
    ['a byte more', Buffer.concat([good, Buffer.of(0)]), /46 bytes .* got 47/],
    ['a wrong count', spoilt(7, 3), /61 bytes .* got 46/],
    ['a wrong height', spoilt(11, 4), /56 bytes .* got 46/],
    ['a wrong width', spoilt(15, 6), /52 bytes .* got 46/],
    ['images of no height', idxBytes([2, 0, 5], []), /at least 1×1 pixels, got 0×5/],
    ['images of no width', idxBytes([2, 3, 0], []), /at least 1×1 pixels, got 3×0/],
    ['a cut gzip file', gzipSync(good).subarray(0, 20), /a whole gzip file, got/],
    ['labels in a gzip file', gzipSync(idxBytes([1], [])), /images .* got 1 dimensions/],
  ];
  for (const [what, bytes, message] of damaged) {
    it(`refuses ${what}, naming the file, what was expected, what came, and a remedy`, () => {
      refuses(() => parseIdxImages('some/file', bytes), message);
    });
  }

  it('refuses what would become far more than it is, before it has become so much', () => {
    const bomb = gzipSync(Buffer.alloc(65e6));
    refuses(() => parseIdxImages('some/file', bomb), /a gzip file of at most 64 MB unpacked, got/);
  });

  it('refuses images where labels are wanted', () => {
    const images = idxBytes([2, 3, 5], pixels);
    refuses(() => parseIdxLabels('some/file', images), /labels \(1 dimension\), got 3 dimensions/);
  });
});
