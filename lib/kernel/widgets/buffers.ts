/** Where binary data stood in a state, by the names and indices that lead to it. */
export type BufferPath = readonly (string | number)[];

type Binary = ArrayBuffer | ArrayBufferView;

const isBinary = (value: unknown): value is Binary =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A state without its binary data, which JSON cannot carry, and that data with its places. */
export function takeBuffers(state: Readonly<Record<string, unknown>>) {
  const paths: BufferPath[] = [];
  const buffers: Binary[] = [];
  const take = (value: unknown, path: BufferPath): unknown => {
    if (isBinary(value)) {
      paths.push(path);
      buffers.push(value);
      return null;
    }
    if (Array.isArray(value)) return value.map((one, i) => take(one, [...path, i]));
    if (!isPlain(value)) return value;
    const taken = Object.entries(value).map(([name, one]) => [name, take(one, [...path, name])]);
    return Object.fromEntries(taken);
  };
  return { state: take(state, []) as Record<string, unknown>, paths, buffers };
}

/** The state with its binary data back in place. */
export function putBuffers(
  state: Readonly<Record<string, unknown>>,
  paths: readonly BufferPath[],
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  const whole = structuredClone(state) as Record<string, unknown>;
  for (const [i, path] of paths.entries()) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((at, name) => Reflect.get(Object(at), name), whole);
    const last = path.at(-1);
    // A path that leads nowhere is a fault of the sender's, and none that can be told to it.
    if (last !== undefined && Object.hasOwn(Object(holder), last)) {
      Reflect.set(Object(holder), last, buffers[i]);
    }
  }
  return whole;
}
