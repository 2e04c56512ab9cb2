import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../lib/errors';
import { keptGrade } from '../../lib/grading/class/kept';
import { generator } from '../../lib/random';
import { disposeStateDict, fingerprint, loadStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { mutatedBytes, mutatedJson } from './mutate';
import {
  gradeFile,
  gridFile,
  OF_BEFORE,
  type Reader,
  readers,
  readGrid,
  weightsFile,
} from './readers';

/**
 * Inputs to each reader; `LAB_FUZZ=100000` is the long form, which also tells what they took. Those
 * before the `LAB_FUZZ_FROM`-th are left out, where the long form is carried out in parts.
 */
const inputs = Number(process.env.LAB_FUZZ ?? 500);
const from = Number(process.env.LAB_FUZZ_FROM ?? 0);
const tells = process.env.LAB_FUZZ !== undefined;
/** Processor seconds that no input may take, in the long form. */
const MOST_SECONDS = 1;

/** One input in two is changed as text or bytes; one that is JSON is also changed by its structure. */
function inputOf(reader: Reader, i: number): Uint8Array {
  const random = generator(2026, i);
  const seed = reader.seeds[i % reader.seeds.length]!;
  const isJson = seed[0] === 0x7b || seed[0] === 0x5b;
  if (!isJson || random.integer(2) === 0) return mutatedBytes(random, seed);
  return Buffer.from(
    JSON.stringify(mutatedJson(random, JSON.parse(Buffer.from(seed).toString()))) ?? '',
  );
}

describe('whatever a file, a student or a front end gives', function () {
  if (tells) this.timeout(0);
  before(() => tf.setBackend('cpu'));

  for (const reader of readers()) {
    it(`${reader.name}: is read or refused in a sentence, and leaves no tensor`, () => {
      for (const seed of reader.seeds) reader.read(seed);
      const before = tf.memory().numTensors;
      let [read, slowest, worst] = [0, 0, 0];
      for (let i = from; i < from + inputs; i++) {
        const input = inputOf(reader, i);
        const begun = process.cpuUsage();
        try {
          reader.read(input);
          read++;
        } catch (error) {
          const one = `input ${i}: ${Buffer.from(input).toString().slice(0, 300)}`;
          assert.ok(error instanceof InputError, `${one}\n${(error as Error).stack}`);
          assert.doesNotMatch(error.message, /\n./, one);
        }
        const { user, system } = process.cpuUsage(begun);
        if (user + system > slowest) [slowest, worst] = [user + system, i];
      }
      assert.equal(tf.memory().numTensors, before);
      if (!tells) return;
      const megabytes = Math.round(process.memoryUsage().rss / 1e6);
      const most = `the slowest ${(slowest / 1000).toFixed(0)} ms (input ${worst})`;
      console.log(`      ${inputs} inputs, ${read} read, ${most}, ${megabytes} MB`);
      assert.ok(slowest / 1e6 < MOST_SECONDS, most);
    });
  }
});

describe('one flipped bit', () => {
  const folder = temporaryFolder();

  /** What `read` says of each file that differs in one bit; what it refuses is left out. */
  function* afterEachFlip<T>(path: string, whole: Buffer, read: () => T) {
    for (let bit = 0; bit < 8 * whole.length; bit += 1) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, flipped);
      let value: T;
      try {
        value = read();
      } catch (error) {
        assert.ok(error instanceof InputError, `bit ${bit}: ${(error as Error).stack}`);
        continue;
      }
      yield [bit, value] as const;
    }
  }

  it('of weights is found, but in the name of the checksum and in what does not count', () => {
    const path = join(folder, 'w.safetensors');
    const whole = weightsFile();
    const read = () => {
      const { stateDict, metadata } = loadStateDict(path);
      const said = `${fingerprint(stateDict)} ${metadata.settings} ${metadata.history}`;
      disposeStateDict(stateDict);
      return said;
    };
    writeFileSync(path, whole);
    const before = read();
    for (const [bit, after] of afterEachFlip(path, whole, read)) {
      assert.equal(after, before, `bit ${bit}`);
    }
  });

  it('of a grid is found', () => {
    const path = join(folder, 'plane.json');
    const whole = Buffer.from(gridFile());
    writeFileSync(path, whole);
    const before = readGrid(path);
    assert.equal(before.length, 2);
    for (const [bit, after] of afterEachFlip(path, whole, () => readGrid(path))) {
      assert.deepEqual(after, before, `bit ${bit}`);
    }
  });

  it('of a grade is found', () => {
    const path = join(folder, 'students', 'ann.json');
    const whole = Buffer.from(gradeFile());
    mkdirSync(join(folder, 'students'));
    writeFileSync(path, whole);
    const read = () => keptGrade(folder, 'ann', 'a key');
    const before = read();
    assert.equal(before!.student, 'ann');
    for (const [bit, after] of afterEachFlip(path, whole, read)) {
      assert.deepEqual(after, before, `bit ${bit}`);
    }
  });

  it('counts for nothing in files of before, which have no checksum and are read', () => {
    const grid = join(folder, 'before.json');
    writeFileSync(grid, OF_BEFORE);
    assert.deepEqual(readGrid(grid)[0]![0]!.train, { loss: Number.NaN, accuracy: 0 });
    // PyTorch wrote it: test/nn/fixtures.py.
    const { stateDict, metadata } = loadStateDict('test/nn/fixtures/relu-1.safetensors');
    assert.equal(metadata['pathlab.sha256'], undefined);
    disposeStateDict(stateDict);
    assert.match(readFileSync(join(folder, 'w.safetensors'), 'latin1'), /pathlab/);
  });
});
