/** The page's memory for the kernels: parts are handed out, and none is given back. */
export interface Room {
  readonly memory: WebAssembly.Memory;
  /** The address of `bytes` bytes. */
  reserve(bytes: number): number;
}

const PAGE = 65_536;
/** 256 MB. The kernels want to be told a most. */
const MOST_PAGES = 4096;
const ALIGNMENT = 64;

export function makeRoom(): Room {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
  // The first page is the kernels' own.
  let end = PAGE;
  return {
    memory,
    reserve(bytes) {
      const address = end;
      end += Math.ceil(Math.max(bytes, 1) / ALIGNMENT) * ALIGNMENT;
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return address;
    },
  };
}

/** Views of a part of the memory; to be used at once, as they do not follow its growth. */
export const floatsIn = ({ memory }: Room, address: number, length: number) =>
  new Float32Array(memory.buffer, address, length);
export const doublesIn = ({ memory }: Room, address: number, length: number) =>
  new Float64Array(memory.buffer, address, length);
export const wholeIn = ({ memory }: Room, address: number, length: number) =>
  new Int32Array(memory.buffer, address, length);
export const bytesIn = ({ memory }: Room, address: number, length: number) =>
  new Uint8Array(memory.buffer, address, length);

/** The address of floats, which are copied there. */
export function placeFloats(room: Room, values: ArrayLike<number>): number {
  const address = room.reserve(4 * values.length);
  floatsIn(room, address, values.length).set(values);
  return address;
}

/** The address of whole numbers, which are copied there. */
export function placeWhole(room: Room, values: ArrayLike<number>): number {
  const address = room.reserve(4 * values.length);
  wholeIn(room, address, values.length).set(values);
  return address;
}
