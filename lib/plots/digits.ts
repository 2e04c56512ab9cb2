import { crc32, deflateSync } from 'node:zlib';
import type { Dataset } from '../data';
import { unitOf } from '../data/dataset';
import { InputError } from '../errors';

/** White space between two images, in pixels of theirs. */
const GAP = 2;
const COLUMNS = 10;
/** Screen pixels a side for each pixel of an image. */
const ZOOM = 2;

/**
 * Images of a dataset side by side, ten a row, as something a notebook shows as a PNG with a caption
 * of the labels: grey ones dark on white, those of three channels as red, green and blue, floats from
 * 0 to 1, none of them normalised. `indices` are positions in the dataset.
 *
 * @param dataset images of one channel or three
 * @throws InputError when an index is outside the dataset, or on another number of channels
 * @example
 * ```ts
 * await display(digitsPicture(small, [0, 1, 2]));
 * ```
 */
export function digitsPicture(dataset: Dataset, indices: readonly number[]) {
  const [channels, height, width] = dataset.imageShape;
  const columns = Math.min(COLUMNS, indices.length);
  const rows = Math.ceil(indices.length / COLUMNS);
  const canvasWidth = columns * (width + GAP) * ZOOM;
  const canvas = new Uint8Array(canvasWidth * rows * (height + GAP) * ZOOM * channels).fill(255);
  indices.forEach((index, k) => {
    if (!(index >= 0 && index < dataset.length)) {
      throw new InputError(`digitsPicture: index ${index} is outside 0 to ${dataset.length - 1}`);
    }
    const left = (k % COLUMNS) * (width + GAP) * ZOOM;
    const top = Math.floor(k / COLUMNS) * (height + GAP) * ZOOM;
    const image = samplesOf(dataset, index);
    for (let y = 0; y < height * ZOOM; y++) {
      for (let x = 0; x < width * ZOOM; x++) {
        const pixel = Math.floor(y / ZOOM) * width + Math.floor(x / ZOOM);
        const from = image.subarray(pixel * channels, (pixel + 1) * channels);
        canvas.set(from, ((top + y) * canvasWidth + left + x) * channels);
      }
    }
  });
  const labels = indices.map((index) => dataset.labels[index]).join(' ');
  const bundle = {
    'image/png': png(canvas, canvasWidth, channels).toString('base64'),
    'text/plain': `${indices.length} images labelled ${labels}`,
  };
  return { [Symbol.for('Jupyter.display')]: () => bundle };
}

/** One image of a dataset, as `digitsPicture` draws it, as the address of a PNG that holds itself. */
export function digitUrl(dataset: Dataset, index: number): string {
  const [channels, , width] = dataset.imageShape;
  return `data:image/png;base64,${png(samplesOf(dataset, index), width, channels).toString('base64')}`;
}

/** The samples of an image as a PNG has them, pixel by pixel: grey ones dark on white. */
function samplesOf(dataset: Dataset, index: number): Uint8Array {
  const { name, images, imageShape } = dataset;
  const [channels, height, width] = imageShape;
  if (channels !== 1 && channels !== 3) {
    throw new InputError(
      `digitsPicture: expected images of 1 channel or 3, got ${channels} in ${name}; draw one channel`,
    );
  }
  const pixels = height * width;
  const start = index * pixels * channels;
  const samples = new Uint8ClampedArray(pixels * channels);
  for (let k = 0; k < samples.length; k++) {
    const value =
      (255 * images[start + (k % channels) * pixels + Math.floor(k / channels)]!) / unitOf(dataset);
    samples[k] = channels === 1 ? 255 - value : value;
  }
  return Uint8Array.from(samples);
}

/** A PNG (ISO/IEC 15948) of 8-bit samples, row-major: grey, or red, green and blue. */
function png(samples: Uint8Array, width: number, channels: number): Buffer {
  const rowLength = width * channels;
  const height = samples.length / rowLength;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = channels === 1 ? 0 : 2;
  // Each row of pixels is preceded by its filter: 0, none.
  const rows = Buffer.alloc(height * (rowLength + 1));
  for (let y = 0; y < height; y++) {
    rows.set(samples.subarray(y * rowLength, (y + 1) * rowLength), y * (rowLength + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
