import { InputError } from '../../errors';
import { requireMemory } from '../freeMemory';

/**
 * The memory of the WebAssembly kernels, shared by all threads. Only the main thread hands out
 * parts of it; the kernels themselves allocate nothing.
 *
 * The kernels check nothing, so all that they address is made sure of here and in the files beside
 * this one. What a kernel walks through is a function of the plan, the dataset and some counts;
 * every part is reserved in the size that follows from these very numbers, right where they are
 * handed over. What the dataset says is taken from its copy, and checked against the plan
 * (`sparseDataset`): its columns are pixels of the first layer, its labels classes of the last. The
 * positions in an order are below its length (`startPass`). A part is given back only when no
 * thread works with it (`runOnSome`, `runOnAll`).
 */

const PAGE = 65_536;
const ALIGNMENT = 64;
/** Bytes from which on it is asked whether the machine has them. */
const LARGE = 64e6;
/** The first page is the kernels' own. */
const BEGIN = PAGE;
const MOST_PAGES = 65_536;

/** Grows up to 4 GB, of which only what is written to is ever taken from the machine. */
export const memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });

interface Part {
  from: number;
  to: number;
}

let end = BEGIN;
const gaps: Part[] = [];
/** What is reserved, by address, with the bytes of its fences. */
const reserved = new Map<number, Part & { readonly fence: number }>();

/**
 * The address of `bytes` bytes of memory, until `release`. Not cleared.
 *
 * @throws InputError when the machine has too little, or beyond 4 GB; nothing is reserved then
 */
export function reserve(bytes: number): number {
  const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT + 2 * fence;
  const gap = gaps.find(({ from, to }) => to - from >= size);
  const from = gap?.from ?? end;
  if (gap) {
    gap.from += size;
    if (gap.from === gap.to) gaps.splice(gaps.indexOf(gap), 1);
  } else {
    growTo(end + size);
    end += size;
  }
  const address = from + fence;
  reserved.set(address, { from, to: from + size, fence });
  for (const side of fencesOf(address)) side.fill(FENCE_BYTE);
  return address;
}

function growTo(bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  if (!(bytes <= MOST_PAGES * PAGE)) {
    throw new InputError(
      'this computation would take more than the 4 GB that the native engine can address; take ' +
        'fewer samples or points at a time, or a narrower network',
    );
  }
  if (missing > LARGE) requireMemory('this computation', missing);
  memory.grow(Math.ceil(missing / PAGE));
}

/** Gives memory back. */
export function release(address: number): void {
  const part = reserved.get(address);
  if (part === undefined) return;
  if (isTrampled(address)) trampled.push(address);
  reserved.delete(address);
  gaps.push({ from: part.from, to: part.to });
  gaps.sort((a, b) => a.from - b.from);
  for (let i = gaps.length - 1; i > 0; i--) {
    if (gaps[i - 1]!.to === gaps[i]!.from) {
      gaps[i - 1]!.to = gaps[i]!.to;
      gaps.splice(i, 1);
    }
  }
}

/** How many parts are reserved. */
export const reservations = () => reserved.size;

/** Known bytes before and behind every reservation, by which tests see who writes outside of it. */
const FENCE_BYTE = 0xa5;
let fence = 0;
const trampled: number[] = [];

/** Puts `bytes` known bytes, a multiple of 64, on either side of every later reservation. */
export function putFences(bytes: number): void {
  fence = bytes;
}

/** Reservations, also such as were given back, whose fences are no longer as they were put. */
export function trampledFences(): number[] {
  return [...trampled, ...[...reserved.keys()].filter(isTrampled)];
}

function fencesOf(address: number): Uint8Array[] {
  const { from, to, fence } = reserved.get(address)!;
  return fence === 0 ? [] : [bytesAt(from, fence), bytesAt(to - fence, fence)];
}

function isTrampled(address: number): boolean {
  return fencesOf(address).some((side) => !Buffer.alloc(side.length, FENCE_BYTE).equals(side));
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

/** Memory that is given back together, and what must not be collected before. */
export interface Arena {
  reserve(bytes: number): number;
  hold<T extends object>(what: T): T;
  release(): void;
}

/** The address of whole numbers in an arena's memory. */
export function numbersIn(arena: Arena, values: ArrayLike<number>): number {
  const address = arena.reserve(values.length * Int32Array.BYTES_PER_ELEMENT);
  integers(address, values.length).set(values);
  return address;
}

export function arena(): Arena {
  const addresses: number[] = [];
  const held: object[] = [];
  return {
    reserve(bytes) {
      const address = reserve(bytes);
      addresses.push(address);
      return address;
    },
    hold(what) {
      held.push(what);
      return what;
    },
    release() {
      held.length = 0;
      for (const address of addresses.splice(0)) release(address);
    },
  };
}
