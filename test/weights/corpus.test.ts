import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { disposeStateDict } from '../../lib/weights';
import { decodeSafetensors } from '../../lib/weights/safetensors';

/** What safetensors 0.8.0 (PyPI) says of a file: an error, or all that is in it. */
interface Case {
  readonly file: string;
  readonly error?: string;
  readonly metadata?: readonly (readonly [string, string])[];
  readonly tensors?: readonly (readonly [
    name: string,
    dtype: string,
    shape: readonly number[],
    values: readonly (number | string)[],
  ])[];
}

const REFUSED = /^x is (no whole safetensors file|of no safetensors format known here): /;
const WHOLE = ['I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'I64', 'U64'];
const READABLE = ['F32', 'F64', 'F16', 'BF16', 'BOOL', ...WHOLE];

/** Whether every number of the file fits what tfjs has: int32, and the range of float32. */
function fits({ tensors }: Case): boolean {
  return tensors!.every(([, dtype, shape, values]) => {
    const numbers = values.map(Number);
    if (!READABLE.includes(dtype) || !shape.every(Number.isSafeInteger)) return false;
    if (WHOLE.includes(dtype)) return numbers.every((n) => (n | 0) === n);
    return numbers.every((n) => !Number.isFinite(n) || Number.isFinite(Math.fround(n)));
  });
}

function expected({ metadata, tensors }: Case) {
  const rows = tensors!.map(([name, dtype, shape, values]) => {
    if (WHOLE.includes(dtype)) return [name, 'int32', shape, values.map(Number)] as const;
    if (dtype === 'BOOL') return [name, 'bool', shape, values.map((n) => (n ? 1 : 0))] as const;
    return [name, 'float32', shape, values.map((n) => Math.fround(Number(n)))] as const;
  });
  return { metadata: sorted(metadata!), tensors: sorted(rows) };
}

function sorted<Row extends readonly [string, ...unknown[]]>(rows: readonly Row[]): Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function ours(file: Uint8Array) {
  const { stateDict, metadata } = decodeSafetensors(file, 'x');
  const rows = Object.entries(stateDict).map(
    ([name, tensor]) => [name, tensor.dtype, tensor.shape, [...tensor.dataSync()]] as const,
  );
  disposeStateDict(stateDict);
  return { metadata: sorted(Object.entries(metadata)), tensors: sorted(rows) };
}

/** `LAB_CORPUS` names a longer file of corpus.py. */
describe('the reader of safetensors', () => {
  before(() => useBackend());
  it('says of every generated file what the format’s own reader says', async () => {
    const corpus = process.env.LAB_CORPUS ?? join(__dirname, 'corpus.jsonl');
    const counts = { taken: 0, refused: 0, 'of numbers that tfjs has not': 0 };
    for await (const line of createInterface({ input: createReadStream(corpus) })) {
      const of = JSON.parse(line) as Case;
      const file = Buffer.from(of.file, 'base64');
      const told = `${of.error ?? 'taken'}: ${file.toString('latin1').slice(8, 400)}`;
      if (of.error !== undefined) {
        assert.throws(() => ours(file), isRefusal(REFUSED), told);
        counts.refused++;
      } else if (fits(of)) {
        assert.deepEqual(ours(file), expected(of), told);
        counts.taken++;
      } else {
        // The file is whole, so nobody is told to delete it.
        assert.throws(
          () => ours(file),
          isRefusal(/^cannot take '.*' from x: it is .* where it was made$/s),
          told,
        );
        counts['of numbers that tfjs has not']++;
      }
    }
    assert.ok(Math.min(...Object.values(counts)) > 0, JSON.stringify(counts));
    if (process.env.LAB_CORPUS) console.log(counts);
  }).timeout(0);
});

function isRefusal(message: RegExp) {
  return (error: unknown) => error instanceof InputError && message.test(error.message);
}
