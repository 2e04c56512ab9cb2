import { countInk, fillInk } from '../engine/native/ink';
import { bytesIn, placeFloats, placeWhole, type Room, wholeIn } from './memory';
import type { Images } from './payload';

/** Images in the kernels' memory. */
export interface PlacedImages {
  readonly address: number;
  readonly samples: number;
  /** Puts as many other images in their place. */
  replace(images: Images): void;
}

/** A tile of so many samples has its labels read at once. */
const TILE = 16;

/** Room for `samples` images of so many pixels with at most `ink` pixels that are not 0. */
export function placeImages(room: Room, pixels: number, samples: number, ink: number) {
  const offsets = room.reserve(4 * (samples + 1));
  const columns = room.reserve(2 * ink);
  const values = room.reserve(ink);
  const labels = room.reserve(samples + TILE);
  const table = placeFloats(
    room,
    Float32Array.from({ length: 256 }, (_, byte) => byte / 255),
  );
  const address = placeWhole(room, [offsets, columns, values, labels, table, samples]);
  const replace = ({ pixels: bytes, labels: classes }: Images) => {
    fillInk(bytes, samples, pixels, {
      offsets: wholeIn(room, offsets, samples + 1),
      columns: new Uint16Array(room.memory.buffer, columns, ink),
      values: bytesIn(room, values, ink),
    });
    bytesIn(room, labels, samples).set(classes);
  };
  return { address, samples, replace } satisfies PlacedImages;
}

/** The images, in room of just their size. */
export function placedCopy(room: Room, images: Images): PlacedImages {
  const samples = images.labels.length;
  const ink = countInk(images.pixels, images.pixels.length);
  const placed = placeImages(room, images.pixels.length / samples, samples, ink);
  placed.replace(images);
  return placed;
}
