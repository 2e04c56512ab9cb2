import { crc32, deflateSync } from 'node:zlib';
import type { Dataset } from '../data';
import { InputError } from '../errors';

/** White space between two images, in pixels of theirs. */
const GAP = 2;
const COLUMNS = 10;
/** Screen pixels a side for each pixel of an image. */
const ZOOM = 2;

/**
 * Images of a dataset side by side, ten a row, dark on white, as something a notebook shows as a
 * PNG with a caption of the labels. `indices` are positions in the dataset.
 *
 * @param dataset grey images, one channel
 * @throws InputError when an index is outside the dataset
 * @example
 * ```ts
 * await display(digitsPicture(small, [0, 1, 2]));
 * ```
 */
export function digitsPicture(dataset: Dataset, indices: readonly number[]) {
  const [, height, width] = dataset.imageShape;
  const columns = Math.min(COLUMNS, indices.length);
  const rows = Math.ceil(indices.length / COLUMNS);
  const canvasWidth = columns * (width + GAP) * ZOOM;
  const canvas = new Uint8Array(canvasWidth * rows * (height + GAP) * ZOOM).fill(255);
  indices.forEach((index, k) => {
    if (!(index >= 0 && index < dataset.length)) {
      throw new InputError(`digitsPicture: index ${index} is outside 0 to ${dataset.length - 1}`);
    }
    const left = (k % COLUMNS) * (width + GAP) * ZOOM;
    const top = Math.floor(k / COLUMNS) * (height + GAP) * ZOOM;
    const start = index * dataset.imageShape[0] * height * width;
    for (let y = 0; y < height * ZOOM; y++) {
      for (let x = 0; x < width * ZOOM; x++) {
        const pixel = Math.floor(y / ZOOM) * width + Math.floor(x / ZOOM);
        canvas[(top + y) * canvasWidth + left + x] = 255 - dataset.images[start + pixel]!;
      }
    }
  });
  const labels = indices.map((index) => dataset.labels[index]).join(' ');
  const bundle = {
    'image/png': greyPng(canvas, canvasWidth).toString('base64'),
    'text/plain': `${indices.length} images labelled ${labels}`,
  };
  return { [Symbol.for('Jupyter.display')]: () => bundle };
}

/** One image of a dataset, dark on white, as the address of a PNG that holds itself. */
export function digitUrl({ images, imageShape }: Dataset, index: number): string {
  const [channels, height, width] = imageShape;
  const start = index * channels * height * width;
  const pixels = images.subarray(start, start + height * width).map((byte) => 255 - byte);
  return `data:image/png;base64,${greyPng(pixels, width).toString('base64')}`;
}

/** A PNG (ISO/IEC 15948) of 8-bit grey pixels, row-major. */
function greyPng(pixels: Uint8Array, width: number): Buffer {
  const height = pixels.length / width;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  // Each row of pixels is preceded by its filter: 0, none.
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
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
