/** Labelled images, a byte a pixel. */
export interface Images {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** What a page has of the run. */
export interface EngineData {
  /** The network in numbers, as assembly/plan.ts reads it. */
  readonly plan: readonly number[];
  readonly stepBytes: number;
  /** The weights of w₁, θ and w₂ in the layout that SGD moves. */
  readonly anchors: readonly [Float32Array, Float32Array, Float32Array];
  readonly train: Images;
  readonly test: Images;
}

/**
 * What a page holds beside its program: a header, and behind it all arrays, one after the other.
 * The numbers are little-endian, as every browser's machine has them.
 */
export interface Header {
  readonly plan: readonly number[];
  readonly stepBytes: number;
  /** Floats of an anchor in the kernels' layout. */
  readonly size: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Rows and columns of an image. */
  readonly shape: readonly [height: number, width: number];
  readonly classes: number;
  /** The set that the images are of. */
  readonly name: string;
}

/** The arrays of a page, with the engine's WebAssembly at their end. */
export interface Contents extends EngineData {
  readonly kernels: Uint8Array;
}

const ANCHORS = 3;

export function joinArrays({ anchors, train, test, kernels }: Contents): Uint8Array {
  const floats = anchors.map(({ buffer, byteOffset, byteLength }) => {
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  const parts = [...floats, train.pixels, train.labels, test.pixels, test.labels, kernels];
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function splitArrays(header: Header, joined: Uint8Array): Contents {
  const { plan, stepBytes, size, trainSamples, testSamples, shape } = header;
  let at = 0;
  const next = (bytes: number) => {
    at += bytes;
    return joined.slice(at - bytes, at);
  };
  const anchors = Array.from({ length: ANCHORS }, () => new Float32Array(next(4 * size).buffer));
  const images = (samples: number) => ({
    pixels: next(samples * shape[0] * shape[1]),
    labels: next(samples),
  });
  return {
    plan,
    stepBytes,
    anchors: anchors as [Float32Array, Float32Array, Float32Array],
    train: images(trainSamples),
    test: images(testSamples),
    kernels: next(joined.length - at),
  };
}
