import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { readArguments } from '../../lib/command';
import { parseIdxImages, parseIdxLabels } from '../../lib/data';
import { takeRecords } from '../../lib/data/cifar';
import { keepGrade, keptGrade } from '../../lib/grading/class/kept';
import { keptSeed } from '../../lib/grading/class/seed';
import { readEvidence } from '../../lib/grading/evidence/evidence';
import { pack, unpack } from '../../lib/grading/evidence/pack';
import { readMarks } from '../../lib/grading/marks/marks';
import { readMessage } from '../../lib/grading/sandbox/messages';
import { readSubmitted } from '../../lib/grading/submitted/read';
import { readNotebook } from '../../lib/ipynb';
import { decode, encode } from '../../lib/kernel/wire';
import { keptRows } from '../../lib/plane/keptRows';
import { renderNotebook } from '../../lib/report/notebook';
import { projectRoot } from '../../lib/root';
import { readSealed, sealed } from '../../lib/saved';
import { disposeStateDict, loadStateDict, saveStateDict } from '../../lib/weights';
import { parseJson } from '../../lib/weights/json';
import { idxBytes } from '../data/idxFiles';
import { grade } from '../grading/pages/someGrade';
import { temporaryFolder } from '../temporaryFolder';
import { KEPT_LIST, LISTS, readKeptList, readList } from './lists';

/** Something that reads what it did not write itself. */
export interface Reader {
  readonly name: string;
  /** Whole inputs, which it takes. */
  readonly seeds: readonly Uint8Array[];
  /** Reads bytes; whatever it throws but InputError is a fault. */
  readonly read: (bytes: Uint8Array) => unknown;
}

const folder = temporaryFolder();

/** A reader of a file, with a folder of its own. */
function ofFile(
  name: string,
  file: string,
  read: (path: string, folder: string) => unknown,
  ...seeds: (string | Uint8Array)[]
): Reader {
  const own = join(folder, name.replaceAll(/\W/g, '-'));
  const path = join(own, file);
  mkdirSync(join(path, '..'), { recursive: true });
  const readBytes = (bytes: Uint8Array) => {
    writeFileSync(path, bytes);
    return read(path, own);
  };
  return { name, seeds: seeds.map((seed) => Buffer.from(seed as Uint8Array)), read: readBytes };
}

const ofBytes = (
  name: string,
  read: Reader['read'],
  ...seeds: (string | Uint8Array)[]
): Reader => ({
  name,
  read,
  seeds: seeds.map((seed) => Buffer.from(seed as Uint8Array)),
});
const ofText = (name: string, read: (text: string) => unknown, ...seeds: string[]) =>
  ofBytes(name, (bytes) => read(Buffer.from(bytes).toString()), ...seeds);

const images = idxBytes(
  [3, 4, 5],
  Array.from({ length: 60 }, (_, i) => i),
);
const labels = idxBytes([4], [3, 0, 9, 255]);

export function weightsFile(): Buffer {
  const path = join(folder, 'seed.safetensors');
  const weights = {
    'layers.0.weight': tf.tensor2d([
      [1, -2.5],
      [3e-40, 7],
    ]),
    'bn.num_batches_tracked': tf.scalar(3, 'int32'),
    mask: tf.tensor1d([true, false], 'bool'),
  };
  saveStateDict(path, weights, { settings: '{"seed":1}', history: '[{"epoch":1}]' });
  disposeStateDict(weights);
  return readFileSync(path);
}

export const SIZE = { nx: 2, ny: 3 };
export function gridFile(): string {
  const path = join(folder, 'seed.json');
  const figures = { loss: 0.25, accuracy: 0.5, metrics: { error: Number.NaN } };
  const row = [{ train: figures, test: figures }, { train: { loss: Infinity, accuracy: 0 } }];
  keptRows(path, SIZE, () => 'a').keep([row, row]);
  return readFileSync(path, 'utf8');
}
export const readGrid = (path: string) => keptRows(path, SIZE, () => 'a').rows;

export function gradeFile(): string {
  const out = join(folder, 'seed-grade');
  keepGrade(out, { ...grade, student: 'ann' }, 'a key');
  return readFileSync(join(out, 'students', 'ann.json'), 'utf8');
}

const marks = JSON.stringify({
  ann: { w: { points: 0.5, comment: 'ok', digest: 'ab', time: '2026' } },
});
const part = (path: string) => readFileSync(join(projectRoot, 'notebooks', path), 'utf8');
const small = JSON.stringify({
  cells: [
    { cell_type: 'markdown', id: 'a', metadata: { tags: ['t'] }, source: ['# φ $x^2$\n', 'b'] },
    {
      cell_type: 'code',
      execution_count: 1,
      id: 'b',
      metadata: { nbgrader: { grade_id: 'b', grade: true, solution: false, locked: true } },
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['a\n'] },
        { output_type: 'error', ename: 'E', evalue: 'e', traceback: ['\u001b[31mE'] },
        {
          output_type: 'display_data',
          data: { 'text/html': '<b>', 'image/png': 'AAAA', 'application/vnd.vega.v5+json': {} },
          metadata: {},
        },
      ],
      source: 'const a = 1;',
    },
  ],
  metadata: { kernelspec: { name: 'tslab', language: 'typescript' } },
  nbformat: 4,
  nbformat_minor: 5,
});
const evidence = JSON.stringify({
  claims: '{}',
  calls: { f: [{ value: '1', later: true, changed: [0], told: [{ place: 1, said: '2' }] }] },
});
const message = JSON.stringify({ kind: 'output', id: 'a', html: '<b>' });

const FIGURES = v.strictObject({ settings: v.unknown(), result: v.unknown() });
const OLD_FIGURES = '{"settings":{"seed":1},"result":[1,{"$number":"NaN"}]}';

function readPacked(text: string): unknown {
  const made: tf.Tensor[] = [];
  try {
    return unpack(text, made);
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** Frames of a message, as one text with a line for each. */
const frames = encode('', ['who'], 'execute_request', { code: '1' }, undefined)
  .map((frame) => frame.toString())
  .join('\n');

/** A word a line, as a shell would give them. */
function readWords(text: string): unknown {
  const words = text.split('\n').filter((word) => !/^(--help|-h)$/.test(word));
  const options = { quick: { type: 'boolean' }, out: { type: 'string' } } as const;
  return readArguments('lab', options, words);
}

/** Two records of CIFAR, of so many labels and bytes of an image, each. */
const PIXELS = 3 * 32 * 32;
const records = (labelBytes: number) =>
  Uint8Array.from({ length: 2 * (labelBytes + PIXELS) }, (_, i) => i % 10);
const readRecords = (classes: number, labelBytes: number) => (bytes: Uint8Array) => {
  const to = { images: new Uint8Array(2 * PIXELS), labels: new Uint8Array(2) };
  takeRecords({ classes, labelBytes, archive: 'a.tar.gz' }, bytes, 2, to, 'f');
  // What is read are classes and bytes as they stand in the file.
  const record = labelBytes + PIXELS;
  assert.ok(
    to.labels.every((label, i) => label < classes && label === bytes[i * record + labelBytes - 1]),
  );
  assert.equal(Buffer.compare(to.images.subarray(PIXELS), bytes.subarray(record + labelBytes)), 0);
};

/** All of them, with inputs that they take. */
export const readers = (): Reader[] => [
  ofBytes('IDX images', (bytes) => parseIdxImages('f', bytes), images, gzipSync(images)),
  ofBytes('IDX labels', (bytes) => parseIdxLabels('f', bytes), labels, gzipSync(labels)),
  ofBytes('records of CIFAR-10', readRecords(10, 1), records(1)),
  ofBytes('records of CIFAR-100', readRecords(100, 2), records(2)),
  ofFile(
    'safetensors',
    'w.safetensors',
    (path) => disposeStateDict(loadStateDict(path).stateDict),
    weightsFile(),
    readFileSync(join(projectRoot, 'test/nn/fixtures/relu-1.safetensors')),
  ),
  ofText('JSON as serde_json has it', parseAsInput, '{"a":[1,-0.5e3,"\\u00e9",{"b":null}]}'),
  ofFile('a kept grid', 'plane.json', readGrid, gridFile(), OF_BEFORE),
  ofFile(
    'a kept grade',
    join('students', 'ann.json'),
    (_, own) => keptGrade(own, 'ann', 'a key'),
    gradeFile(),
  ),
  ofText(
    'kept figures',
    (text) => readSealed(text, FIGURES, told),
    sealed({ settings: { seed: 1 }, result: [1] }),
    OLD_FIGURES,
  ),
  ofFile('marks', 'marks.json', (_, own) => readMarks(own), marks),
  ofFile('a seed', 'seed.txt', (_, own) => keptSeed(own), '42\n'),
  ofFile('a notebook in the report', 'a.ipynb', (p) => renderNotebook(readNotebook(p)), small),
  ofFile('a submission', 'b.ipynb', (path) => readSubmitted(path), small, part('part-0.ipynb')),
  ofFile('a list of students', 'list.csv', readList, ...LISTS),
  ofFile('a kept list', 'roster.json', (_, own) => readKeptList(own), KEPT_LIST),
  ofText('evidence', readEvidence, evidence),
  ofText('packed claims', readPacked, pack({ w: [1, Number.NaN], t: tf.tensor1d([1, 2]) })),
  ofText("the sandbox's messages", readMessage, message),
  ofText(
    "the kernel's wire",
    (text) =>
      decode(
        '',
        text.split('\n').map((s) => Buffer.from(s)),
      ),
    frames,
  ),
  ofText('the command line', readWords, '--quick\n--out\nhere', '--out=a'),
];

const told = { file: 'f', what: 'file', remedy: 'delete it' };

/** As `evaluateGrid` kept grids before they had a checksum. */
export const OF_BEFORE = JSON.stringify({
  key: 'ac8d8342bbb2362d13f0a559a3621bb407011368895164b628a54f7fc33fc43c',
  rows: [[{ train: { loss: 'NaN', accuracy: 0 } }, { train: { loss: 1, accuracy: 0 } }]],
});

/** Its own SyntaxError is what its caller makes a sentence of. */
function parseAsInput(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
