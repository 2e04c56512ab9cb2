import { requireMemory } from '../cost';

/**
 * The memory of the WebAssembly kernels, shared by all threads. Only the main thread hands out
 * parts of it; the kernels themselves allocate nothing.
 */

const PAGE = 65_536;
const ALIGNMENT = 64;
/** Bytes from which on it is asked whether the machine has them. */
const LARGE = 64e6;
/** The first page is the kernels' own. */
const BEGIN = PAGE;

/** Grows up to 4 GB, of which only what is written to is ever taken from the machine. */
export const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });

interface Gap {
  from: number;
  to: number;
}

let end = BEGIN;
const gaps: Gap[] = [];
const sizes = new Map<number, number>();

/**
 * The address of `bytes` bytes of memory, until `release`. Not cleared.
 *
 * @throws InputError when the machine has too little, RangeError beyond 4 GB
 */
export function reserve(bytes: number): number {
  const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
  const gap = gaps.find(({ from, to }) => to - from >= size);
  const address = gap?.from ?? end;
  if (gap) {
    gap.from += size;
    if (gap.from === gap.to) gaps.splice(gaps.indexOf(gap), 1);
  } else {
    end += size;
    const missing = end - memory.buffer.byteLength;
    if (missing > LARGE) requireMemory('this computation', missing);
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }
  sizes.set(address, size);
  return address;
}

/** Gives memory back. */
export function release(address: number): void {
  const size = sizes.get(address);
  if (size === undefined) return;
  sizes.delete(address);
  gaps.push({ from: address, to: address + size });
  gaps.sort((a, b) => a.from - b.from);
  for (let i = gaps.length - 1; i > 0; i--) {
    if (gaps[i - 1]!.to === gaps[i]!.from) {
      gaps[i - 1]!.to = gaps[i]!.to;
      gaps.splice(i, 1);
    }
  }
}

/** Views of a part of the memory; to be used at once, as they do not follow its growth. */
export const floats = (address: number, length: number) =>
  new Float32Array(memory.buffer, address, length);
export const integers = (address: number, length: number) =>
  new Int32Array(memory.buffer, address, length);
export const doubles = (address: number, length: number) =>
  new Float64Array(memory.buffer, address, length);
export const bytesAt = (address: number, length: number) =>
  new Uint8Array(memory.buffer, address, length);
export const shortsAt = (address: number, length: number) =>
  new Uint16Array(memory.buffer, address, length);

/** Memory that is given back together. */
export function arena() {
  const addresses: number[] = [];
  return {
    reserve(bytes: number): number {
      const address = reserve(bytes);
      addresses.push(address);
      return address;
    },
    release: () => {
      for (const address of addresses.splice(0)) release(address);
    },
  };
}
