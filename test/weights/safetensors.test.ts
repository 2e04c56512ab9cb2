import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../lib/errors';
import { equal, loadStateDict, type Metadata, saveStateDict } from '../../lib/weights';
import { decodeSafetensors } from '../../lib/weights/safetensors';
import { readHeader } from '../../lib/weights/safetensorsHeader';
import { temporaryFolder } from '../temporaryFolder';
import { make } from './small';

describe('safetensors', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.safetensors');
  const a = { ...make([1, -2.5], 3e-40), n: tf.tensor1d([1, -7], 'int32'), empty: tf.zeros([0]) };

  it('gives back names, shapes, numbers and metadata', () => {
    saveStateDict(path, a, { seed: '42', note: 'größer' });
    const { stateDict, metadata } = loadStateDict(path);
    assert.ok(equal(a, stateDict));
    assert.deepEqual(metadata, { seed: '42', note: 'größer' });
    assert.deepEqual(readdirSync(folder), ['a.safetensors'], 'no temporary file stays');
  });

  it('writes the format to the letter', () => {
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE(0));
    assert.equal((8 + length) % 8, 0);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    assert.deepEqual(header.w, { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] });
    assert.equal(bytes.readFloatLE(8 + length + 4), -2.5);
  });

  it('counts batches in 64 bits, as PyTorch, where they are whole numbers', () => {
    const counters = {
      'bn.num_batches_tracked': tf.scalar(3, 'int32'),
      'other.num_batches_tracked': tf.scalar(0.5),
      batches: tf.scalar(3, 'int32'),
    };
    saveStateDict(join(folder, 'counters'), counters);
    const { entries } = readHeader(readFileSync(join(folder, 'counters')), 'counters');
    const dtypes = Object.keys(counters).map((name) => entries.get(name)!.dtype);
    assert.deepEqual(dtypes, ['I64', 'F32', 'I32']);
  });

  it('opens what PyTorch wrote', () => {
    // test/nn/fixtures.py: torch.randint labels as int32, and the batch's shape.
    const { stateDict, metadata } = loadStateDict(
      join(__dirname, '../nn/fixtures/relu-1.safetensors'),
    );
    assert.deepEqual(stateDict.x!.shape, [7, 1, 4, 4]);
    assert.equal(stateDict.y!.dtype, 'int32');
    assert.match(metadata.torch ?? '', /^\d+\.\d+/);
  });

  it('says what is wrong with a file that is missing, cut, or no safetensors', () => {
    assert.throws(
      () => loadStateDict(join(folder, 'none')),
      /cannot read .*none: there is no such/,
    );
    assert.throws(() => loadStateDict(folder), /cannot read .*: it is a folder; check the path/);
    assert.throws(
      () => loadStateDict(join(path, 'in')),
      /cannot read .*in: ENOTDIR.*; check the path/,
    );
    const whole = readFileSync(path);
    const bad = (name: string, bytes: Uint8Array) => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return () => loadStateDict(file);
    };
    assert.throws(bad('empty', new Uint8Array()), /no whole safetensors/);
    const cut = whole.subarray(0, whole.length - 1);
    assert.throws(
      bad('cut', cut),
      /its tensors need 20 bytes, and 19 follow the header; delete it/,
    );
    const length = `${whole.readBigUInt64LE(0)}`;
    assert.throws(bad('7', whole.subarray(0, 7)), /: it has 7 bytes; delete it/);
    assert.throws(
      bad('8', whole.subarray(0, 8)),
      new RegExp(`header should be ${length} bytes in a file of 8;`),
    );
    assert.throws(bad('text', Buffer.from('{"hello": "world, here I am"}')), /header should be/);
    const header = (json: string) => {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(json.length));
      return Buffer.concat([length, Buffer.from(json)]);
    };
    assert.throws(bad('json', header('{"w":')), /no JSON/);
    assert.throws(bad('null', header('null')), /no object/);
    assert.throws(bad('shape', header('{"w":{"dtype":"F32","shape":[-1]}}')), /each once/);
  });

  const fileOf = (dtype: unknown, numbers: NodeJS.TypedArray, shape = [numbers.length]) => {
    const entry = { dtype, shape, data_offsets: [0, numbers.byteLength] };
    const text = JSON.stringify({ w: entry });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, Buffer.from(text), Buffer.from(numbers.buffer)]);
  };
  const read = (dtype: unknown, numbers: NodeJS.TypedArray) => {
    const { w } = decodeSafetensors(fileOf(dtype, numbers), 'x').stateDict;
    return [w!.dtype, ...w!.dataSync()];
  };

  it('takes a type as serde writes an enumeration, too: its name with null', () => {
    const one = Float32Array.of(1.5);
    assert.deepEqual(read({ F32: null }, one), ['float32', 1.5]);
    for (const other of [{ F32: 1 }, { F32: null, I32: null }, {}, ['F32'], null]) {
      assert.throws(() => read(other, one), /'w' has dtype '';/);
    }
  });

  it('refuses a shape whose sizes come to 2⁶⁴ on the way, as Rust, which counts in 64 bits', () => {
    const file = (shape: number[]) => () =>
      decodeSafetensors(fileOf('F32', new Float32Array(), shape), 'x');
    assert.throws(
      file([2 ** 32, 2 ** 32, 0]),
      /shape \[4294967296, 4294967296, 0\], does not fill/,
    );
  });

  it('reads half floats to the bit: subnormals, infinities, NaN and −0', () => {
    // IEEE 754 binary16: (1 + f/1024)·2^(e − 15), or f·2⁻²⁴ for e = 0.
    const halves = [0x3c01, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000, 0xc000];
    assert.deepEqual(read('F16', Uint16Array.from(halves)), [
      ...['float32', 1 + 2 ** -10, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504],
      ...[Infinity, -Infinity, Number.NaN, -0, -2],
    ]);
    // bfloat16: the sign, the exponent and 7 bits of a float32.
    const brains = [0x3f81, 0x0001, 0xff7f, 0x7f80, 0xffc0, 0x8000];
    assert.deepEqual(read('BF16', Uint16Array.from(brains)), [
      ...['float32', 1 + 2 ** -7, 2 ** -133, -(2 - 2 ** -7) * 2 ** 127, Infinity, Number.NaN, -0],
    ]);
  });

  it('reads what float32 and int32 can hold, and else names the number', () => {
    const [least, most] = [-(2 ** 31), 2 ** 31 - 1];
    assert.deepEqual(read('I64', BigInt64Array.of(BigInt(least), BigInt(most))).slice(1), [
      least,
      most,
    ]);
    const f64 = Float64Array.of(0.1, 1e-320, Infinity, Number.NaN);
    assert.deepEqual(read('F64', f64).slice(1), [Math.fround(0.1), 0, Infinity, Number.NaN]);
    const refused: [string, NodeJS.TypedArray, RegExp][] = [
      [
        'I64',
        BigInt64Array.of(2n ** 31n),
        /'w' from x: it is I64 and holds 2147483648, which int32/,
      ],
      ['I64', BigInt64Array.of(-(2n ** 31n) - 1n), /holds -2147483649, which int32 cannot/],
      ['U64', BigUint64Array.of(2n ** 64n - 1n), /holds 18446744073709551615/],
      ['U32', Uint32Array.of(2 ** 31), /is U32 and holds 2147483648/],
      ['F64', Float64Array.of(1, -1e300), /is F64 and holds -1e\+300, which float32 cannot hold/],
      ['F8_E4M3', Uint8Array.of(1), /'w' from x: it is F8_E4M3, which tfjs has no type for/],
      ['F256', Uint8Array.of(1), /x is of no safetensors format known here: 'w' has dtype 'F256'/],
      ['C64', Float64Array.of(1), /is C64, which tfjs has no type for/],
    ];
    for (const [dtype, numbers, message] of refused) {
      assert.throws(
        () => read(dtype, numbers),
        (error: Error) => {
          assert.match(error.message, message);
          return error instanceof InputError && !error.message.includes('delete');
        },
      );
    }
  });

  it('keeps bools, and names that every object has', () => {
    const odd = Object.fromEntries(
      ['__proto__', 'constructor', '', '0'].map((name, i) => [name, tf.scalar(i)]),
    );
    const flags = { flags: tf.tensor1d([true, false, true], 'bool'), ...odd };
    const metadata = Object.fromEntries([['__proto__', 'a']]);
    saveStateDict(path, flags, metadata);
    const back = loadStateDict(path);
    assert.ok(equal(back.stateDict, flags));
    assert.deepEqual(Object.entries(back.metadata), [['__proto__', 'a']]);
    // 4 floats, then the bools: PyTorch views a tensor only where its width divides the offset.
    const { entries } = readHeader(readFileSync(path), path);
    assert.deepEqual(entries.get('flags'), { dtype: 'BOOL', shape: [3], begin: 16, end: 19 });
  });

  it('refuses to write what nobody could read, and leaves the file that is there', () => {
    saveStateDict(path, a);
    const before = readFileSync(path);
    const x = tf.scalar(1);
    const refused: [tf.NamedTensorMap, object, RegExp][] = [
      [{ x: tf.tensor1d(['a']) }, {}, /'x' is of type string; cast it to float32, int32 or bool/],
      [{ __metadata__: x }, {}, /the name __metadata__ is the format's own/],
      [{ x }, { seed: 1 }, /metadata are strings, and 'seed' is number/],
      [{ x }, { seed: undefined }, /'seed' is undefined/],
      [{ '\ud800': x }, {}, /"\\ud800" holds half a surrogate pair/],
      [{ x }, { note: 'a\udc00' }, /"a\\udc00" holds half/],
    ];
    for (const [stateDict, metadata, message] of refused) {
      const save = () => saveStateDict(path, stateDict, metadata as Metadata);
      assert.throws(save, (error: Error) => {
        assert.match(error.message, message);
        return error instanceof InputError;
      });
    }
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('a.')),
      ['a.safetensors'],
    );
  });

  it('writes nothing where it cannot', () => {
    const blocked = join(path, 'inside-a-file.safetensors');
    assert.throws(() => saveStateDict(blocked, a), /cannot write .*inside-a-file/);
  });
});
