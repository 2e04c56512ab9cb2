import { VECTOR } from '../math';
import { Sparse } from '../sparse';
import {
  gradientsAt, imageBytes, Operation, pixelBytes, rowBytes, Value, valuesAt,
} from './layout';

/** What an image's numbers undergo one by one or in small windows. */

/**
 * An image of the dataset, from the pixels that are not 0. Where pixel k goes is in a table: from
 * places[k] to places[k + 1], counted in numbers, positions in the image. For a convolution as the
 * first layer they are all the patches that the pixel is in.
 */
export function loadImage(op: Operation, room: usize, data: Sparse, i: u32, image: u32): void {
  const bytes = imageBytes(op.output);
  const x = room + op.output.values + (image as usize) * bytes;
  const places: usize = op.sources;
  const positions: usize = op.targets;
  memory.fill(x, 0, bytes);
  const to = load<u32>(data.offsets + (i << 2) + 4);
  for (let k = load<u32>(data.offsets + (i << 2)); k < to; k++) {
    const value = load<f32>(data.values + ((load<u8>(data.bytes + k) as u32) << 2));
    const place = places + ((load<u16>(data.columns + (k << 1)) as usize) << 2);
    const end = positions + ((load<u32>(place, 4) as usize) << 2);
    for (let p = positions + ((load<u32>(place) as usize) << 2); p < end; p += 4) {
      store<f32>(x + load<u32>(p), value);
    }
  }
}

/** In place: nothing before it needs what was there. */
export function relu(op: Operation, room: usize, image: u32): void {
  const zero = f32x4.splat(0);
  const begin = room + op.output.values + (image as usize) * imageBytes(op.output);
  const end = begin + imageBytes(op.output);
  for (let p = begin; p < end; p += VECTOR) v128.store(p, f32x4.pmax(v128.load(p), zero));
}

export function reluBackward(op: Operation, room: usize, image: u32): void {
  const zero = f32x4.splat(0);
  const gap = (op.output.gradients as usize) - (op.output.values as usize);
  const begin = room + op.output.values + (image as usize) * imageBytes(op.output);
  const end = begin + imageBytes(op.output);
  for (let p = begin; p < end; p += VECTOR) {
    const mask = f32x4.gt(v128.load(p), zero);
    v128.store(p + gap, v128.and(v128.load(p + gap), mask));
  }
}

/** NaN is above all. */
export function maxPool(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const row = rowBytes(op.input);
  const window = (op.size as usize) * pixel;
  for (let y: u32 = 0; y < op.output.height; y++) {
    let from = windowAt(op, valuesAt(room, op.input, image), y, 0);
    let to = pixelAt(op.output, valuesAt(room, op.output, image), y, 0);
    for (let x: u32 = 0; x < op.output.width; x++) {
      const next = from + window;
      for (const end = to + pixel; to < end; to += VECTOR) {
        let top = v128.load(from);
        let line = from;
        for (let i: usize = 0; i < op.size; i++) {
          let p = line;
          for (const last = p + window; p < last; p += pixel) top = f32x4.max(top, v128.load(p));
          line += row;
        }
        v128.store(to, top);
        from += VECTOR;
      }
      from = next;
    }
  }
}

/** To the first of a window's numbers that is its largest. */
export function maxPoolBackward(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const row = rowBytes(op.input);
  const window = (op.size as usize) * pixel;
  const gap = (op.input.gradients as usize) - (op.input.values as usize);
  memory.fill(room + op.input.gradients + (image as usize) * imageBytes(op.input), 0, imageBytes(op.input));
  for (let y: u32 = 0; y < op.output.height; y++) {
    let from = windowAt(op, valuesAt(room, op.input, image), y, 0);
    let to = pixelAt(op.output, valuesAt(room, op.output, image), y, 0);
    let d = pixelAt(op.output, gradientsAt(room, op.output, image), y, 0);
    for (let x: u32 = 0; x < op.output.width; x++) {
      const next = from + window;
      for (const end = to + pixel; to < end; to += VECTOR) {
        const top = v128.load(to);
        let left = v128.load(d);
        let line = from;
        for (let i: usize = 0; i < op.size; i++) {
          let p = line;
          for (const last = p + window; p < last; p += pixel) {
            const here = f32x4.eq(v128.load(p), top);
            v128.store(p + gap, v128.and(left, here));
            left = v128.andnot(left, here);
          }
          line += row;
        }
        from += VECTOR;
        d += VECTOR;
      }
      from = next;
    }
  }
}

export function averagePool(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const row = rowBytes(op.input);
  const share = f32x4.splat(1 / ((op.size * op.size) as f32));
  for (let y: u32 = 0; y < op.output.height; y++) {
    for (let x: u32 = 0; x < op.output.width; x++) {
      const from = windowAt(op, valuesAt(room, op.input, image), y, x);
      const to = pixelAt(op.output, valuesAt(room, op.output, image), y, x);
      for (let c: usize = 0; c < pixel; c += VECTOR) {
        let sum = f32x4.splat(0);
        for (let i: usize = 0; i < op.size; i++) {
          for (let j: usize = 0; j < op.size; j++) {
            sum = f32x4.add(sum, v128.load(from + i * row + j * pixel + c));
          }
        }
        v128.store(to + c, f32x4.mul(sum, share));
      }
    }
  }
}

export function averagePoolBackward(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const row = rowBytes(op.input);
  const share = f32x4.splat(1 / ((op.size * op.size) as f32));
  memory.fill(room + op.input.gradients + (image as usize) * imageBytes(op.input), 0, imageBytes(op.input));
  for (let y: u32 = 0; y < op.output.height; y++) {
    for (let x: u32 = 0; x < op.output.width; x++) {
      const from = windowAt(op, gradientsAt(room, op.input, image), y, x);
      const d = pixelAt(op.output, gradientsAt(room, op.output, image), y, x);
      for (let c: usize = 0; c < pixel; c += VECTOR) {
        const part = f32x4.mul(v128.load(d + c), share);
        for (let i: usize = 0; i < op.size; i++) {
          for (let j: usize = 0; j < op.size; j++) {
            v128.store(from + i * row + j * pixel + c, part);
          }
        }
      }
    }
  }
}

@inline
function pixelAt(v: Value, first: usize, y: u32, x: u32): usize {
  return first + (y as usize) * rowBytes(v) + (x as usize) * pixelBytes(v);
}

@inline
function windowAt(op: Operation, first: usize, y: u32, x: u32): usize {
  return pixelAt(op.input, first, y * op.size, x * op.size);
}

/** Times the mask, which is laid out as the output; nothing is dropped where nothing is learnt. */
export function drop(op: Operation, room: usize, image: u32, learning: bool): void {
  const from = valuesAt(room, op.input, image);
  const to = valuesAt(room, op.output, image);
  const mask = maskAt(op, room, image);
  const width = (op.output.width as usize) * pixelBytes(op.output);
  for (let y: usize = 0; y < op.output.height; y++) {
    const x = from + y * rowBytes(op.input);
    const row = y * rowBytes(op.output);
    if (!learning) memory.copy(to + row, x, width);
    else {
      for (let p: usize = 0; p < width; p += VECTOR) {
        v128.store(to + row + p, f32x4.mul(v128.load(x + p), v128.load(mask + row + p)));
      }
    }
  }
}

export function dropBackward(op: Operation, room: usize, image: u32): void {
  const from = gradientsAt(room, op.output, image);
  const to = gradientsAt(room, op.input, image);
  const mask = maskAt(op, room, image);
  const width = (op.output.width as usize) * pixelBytes(op.output);
  for (let y: usize = 0; y < op.output.height; y++) {
    const row = y * rowBytes(op.output);
    const e = to + y * rowBytes(op.input);
    for (let p: usize = 0; p < width; p += VECTOR) {
      v128.store(e + p, f32x4.mul(v128.load(from + row + p), v128.load(mask + row + p)));
    }
  }
}

@inline
function maskAt(op: Operation, room: usize, image: u32): usize {
  return valuesAt(room, op.output, image) + (op.own as usize) - (op.output.values as usize);
}

/** The same numbers in another order: the pairs of positions are in tables, `size` of them. */
export function move(op: Operation, room: usize, image: u32): void {
  const from = room + op.input.values + (image as usize) * imageBytes(op.input);
  const to = room + op.output.values + (image as usize) * imageBytes(op.output);
  const sources: usize = op.sources;
  const targets: usize = op.targets;
  for (let i: usize = 0; i < op.size << 2; i += 4) {
    store<f32>(to + load<u32>(targets + i), load<f32>(from + load<u32>(sources + i)));
  }
}

export function moveBackward(op: Operation, room: usize, image: u32): void {
  const from = room + op.input.gradients + (image as usize) * imageBytes(op.input);
  const to = room + op.output.gradients + (image as usize) * imageBytes(op.output);
  const sources: usize = op.sources;
  const targets: usize = op.targets;
  for (let i: usize = 0; i < op.size << 2; i += 4) {
    store<f32>(from + load<u32>(sources + i), load<f32>(to + load<u32>(targets + i)));
  }
}
