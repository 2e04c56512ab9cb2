import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../lib/errors';
import {
  add,
  clone,
  cosine,
  disposeStateDict,
  dot,
  equal,
  fingerprint,
  linearCombination,
  loadStateDict,
  norm,
  parameterCount,
  saveStateDict,
  scale,
  subtract,
} from '../../lib/weights';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';

const make = (w: number[], b: number) => ({ w: tf.tensor2d([w]), b: tf.tensor1d([b]) });
const numbers = (s: tf.NamedTensorMap) => [...s.w!.dataSync(), ...s.b!.dataSync()];

describe('state dicts', () => {
  const a = make([1, 2], 3);
  const b = make([10, -20], 0.5);

  it('add, subtract, scale and combine tensor by tensor', () => {
    assert.deepEqual(numbers(add(a, b)), [11, -18, 3.5]);
    assert.deepEqual(numbers(subtract(a, b)), [-9, 22, 2.5]);
    assert.deepEqual(numbers(scale(-2, a)), [-2, -4, -6]);
    assert.deepEqual(numbers(linearCombination([2, 1, -1], [a, b, a])), [11, -18, 3.5]);
  });

  it('pairs by name, whatever the order', () => {
    assert.deepEqual(numbers(add(a, { b: b.b, w: b.w })), [11, -18, 3.5]);
  });

  it('takes a term with coefficient 0 as absent, even when it is not finite', () => {
    assert.deepEqual(numbers(linearCombination([1, 0], [a, make([Number.NaN, 1], 1)])), [1, 2, 3]);
    assert.deepEqual(numbers(linearCombination([0], [a])), [0, 0, 0]);
  });

  it('dot, norm and cosine are those of the long vector', () => {
    assert.equal(dot(a, b), 10 - 40 + 1.5);
    assertClose(norm(a), Math.sqrt(14), { relative: 1e-15 });
    assertClose(cosine(a, scale(-3, a)), -1, { relative: 1e-7 });
  });

  it('carries integer tensors over and leaves them out of the geometry', () => {
    const counted = { ...a, n: tf.scalar(7, 'int32') };
    const sum = add(counted, counted);
    assert.equal(sum.n!.dataSync()[0], 7);
    assert.equal(sum.n!.dtype, 'int32');
    assert.equal(dot(counted, counted), 14);
  });

  it('compares bit for bit', () => {
    assert.ok(equal(a, clone(a)));
    assert.ok(!equal(a, make([1, 2], 3.0000002)));
    assert.ok(!equal(a, { w: a.w }));
    assert.ok(!equal({ w: a.w }, a));
    assert.equal(parameterCount(a), 3);
    assert.equal(fingerprint(a), fingerprint(clone(a)));
    assert.notEqual(fingerprint(a), fingerprint(b));
  });

  it('names the tensor in which two structures differ', () => {
    assert.throws(() => add(a, { w: a.w }), /add.*'b'.*\[1\] in the first, nothing in the second/);
    assert.throws(() => dot(a, { ...a, w: tf.zeros([2, 1]) }), /'w': \[1, 2\].*\[2, 1\]/);
    assert.throws(() => linearCombination([1], [a, b]), InputError);
  });

  it('leaves no tensor behind and touches no argument', () => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) {
      disposeStateDict(add(a, b), subtract(a, b), scale(2, a), clone(a));
      norm(a);
    }
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(numbers(a), [1, 2, 3]);
  });
});

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
    assert.throws(() => loadStateDict(join(folder, 'none')), /cannot read .*none/);
    const whole = readFileSync(path);
    const bad = (name: string, bytes: Uint8Array) => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return () => loadStateDict(file);
    };
    assert.throws(bad('empty', new Uint8Array()), /no whole safetensors/);
    assert.throws(bad('cut', whole.subarray(0, whole.length - 1)), /needs 8 bytes at/);
    assert.throws(bad('text', Buffer.from('{"hello": "world, here I am"}')), /header should be/);
    const header = (json: string) => {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(json.length));
      return Buffer.concat([length, Buffer.from(json)]);
    };
    assert.throws(bad('json', header('{"w":')), /no JSON/);
    assert.throws(bad('null', header('null')), /no object/);
    assert.throws(
      bad('bf16', header('{"w":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}')),
      /'w' has dtype BF16; expected one of F32/,
    );
    assert.throws(bad('shape', header('{"w":{"dtype":"F32","shape":[-1]}}')), /no valid shape/);
  });

  it('writes nothing where it cannot', () => {
    const blocked = join(path, 'inside-a-file.safetensors');
    assert.throws(() => saveStateDict(blocked, a), /cannot write .*inside-a-file/);
  });
});
