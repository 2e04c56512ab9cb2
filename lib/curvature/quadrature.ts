import { InputError, requireInteger } from '../errors';
import { requireNonNegative } from '../optim/options';
import { generator, requireSeed } from '../random';
import { LANCZOS_STREAM } from './extremes';
import { type Krylov, lanczosStep, type SymmetricProduct, tridiagonalOf } from './lanczos';
import { eigenOfTridiagonal } from './tridiagonal';
import { randomUnit } from './vectors';

/** A mean over random probes, with its standard error s/√probes. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** A spectrum as a measure: what share of the eigenvalues is near a value. */
export interface Density {
  /** A probe's Gauss quadrature: values, and shares that add up to 1. */
  readonly probes: readonly { readonly values: Float64Array; readonly shares: Float64Array }[];
  /** Products a probe. */
  readonly steps: number;
  /** Σλ. */
  readonly trace: Estimate;
  /** The share of eigenvalues below 0 by more than `negligible`; of all parameters, in [0, 1]. */
  readonly negativeShare: Estimate;
  /** What was taken for 0: so much below 0 a value does not count as negative. */
  readonly negligible: number;
}

/** How many probes and steps, and what is taken for 0. */
export interface DensityOptions {
  /** Random vectors, at least 2; by default 10. Each costs `steps` products. */
  readonly probes?: number;
  /** Steps of Lanczos a probe, by default 80: values closer than about (λmax − λmin)/steps blur. */
  readonly steps?: number;
  /** Of the largest value in size, what is taken for 0; by default 1e-6, float32's rounding. */
  readonly negligible?: number;
  /** Of the probes; by default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each product how many of all are done. */
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * An estimate of the spectrum's density by stochastic Lanczos quadrature (Golub and Welsch 1969;
 * Ubaru, Chen and Saad 2017, SIAM J. Matrix Anal. Appl. 38(4) 1075; for neural nets Ghorbani et al.
 * 2019, 1901.10159): for a random unit vector v the measure Σᵢ (v·uᵢ)²·δ(λᵢ) has the density as its
 * mean, and m steps of Lanczos from v give its Gauss quadrature with m points. Errors are those of
 * the random probes. The trace has no other; the share has that of the quadrature as well, since the
 * step at 0 is no polynomial.
 *
 * @param times v ↦ A·v, A symmetric
 * @param size numbers in a vector
 * @throws InputError on an option out of its range, and where a product is not finite or not of that size
 * @example
 * ```ts
 * const curvature = await curvatureAt(network, w1, small);
 * const options = { probes: 4, steps: 10 };
 * const { trace } = await spectralDensity((v) => curvature.hessian(v), 27, options);
 * trace.standardError > 0; // → true
 * curvature.dispose();
 * ```
 */
export async function spectralDensity(
  times: SymmetricProduct,
  size: number,
  options: DensityOptions = {},
): Promise<Density> {
  const { probes: count = 10, steps: wanted = 80, seed = 0, negligible: share = 1e-6 } = options;
  requireInteger('spectralDensity', 'size', size, 1);
  requireInteger('spectralDensity', 'probes', count, 2);
  requireInteger('spectralDensity', 'steps', wanted, 1);
  requireSeed('spectralDensity', 'seed', seed);
  requireNonNegative('spectralDensity', 'negligible', share);
  const steps = Math.min(wanted, size);
  const probes: Density['probes'][number][] = [];
  for (let probe = 0; probe < count; probe++) {
    const random = generator(seed, LANCZOS_STREAM, probe);
    const krylov: Krylov = { basis: [randomUnit(size, random)], diagonal: [], offDiagonal: [] };
    for (let step = 1; step <= steps; step++) {
      await lanczosStep(krylov, times, random, options.signal);
      options.onStep?.(probe * steps + step, count * steps);
    }
    probes.push(quadratureOf(krylov));
  }
  const most = Math.max(...probes.flatMap(({ values }) => [-values[0]!, values.at(-1)!]));
  const negligible = share * most;
  const over = (f: (value: number) => number) =>
    estimateOf(probes.map(({ values, shares }) => sum(values, (v, i) => f(v) * shares[i]!)));
  const mean = over((value) => value);
  return {
    probes,
    steps,
    trace: { mean: size * mean.mean, standardError: size * mean.standardError },
    negativeShare: over((value) => (value < -negligible ? 1 : 0)),
    negligible,
  };
}

/** Values and shares, the squares of the eigenvectors' first numbers. */
function quadratureOf(krylov: Krylov): Density['probes'][number] {
  if (!krylov.diagonal.every(Number.isFinite)) {
    throw new InputError(
      'spectralDensity: a product is not finite, so there is no curvature; take a point where loss ' +
        'and gradient are finite',
    );
  }
  const first = krylov.diagonal.map((_, i) => Float64Array.of(i === 0 ? 1 : 0));
  const { values, rows } = eigenOfTridiagonal(tridiagonalOf(krylov), first);
  return { values, shares: Float64Array.from(rows, ([x]) => x! * x!) };
}

function estimateOf(samples: readonly number[]): Estimate {
  const n = samples.length;
  const mean = sum(samples, (x) => x) / n;
  const variance = sum(samples, (x) => (x - mean) ** 2) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}

function sum(values: ArrayLike<number>, f: (value: number, index: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += f(values[i]!, i);
  return total;
}

/**
 * The density at some values, smoothed by a Gaussian: Σ shares·N(x; value, width²), the mean over
 * the probes. Its integral is 1.
 *
 * @param density what `spectralDensity` gives
 * @param at where, in the units of the eigenvalues
 * @param width the Gaussian's standard deviation, above 0
 * @throws InputError on another width
 * @example
 * ```ts
 * const one = { values: Float64Array.of(0), shares: Float64Array.of(1) };
 * densityAt({ probes: [one] }, [0], 1)[0].toFixed(4); // → '0.3989'
 * ```
 */
export function densityAt(
  density: Pick<Density, 'probes'>,
  at: readonly number[],
  width: number,
): number[] {
  const { probes } = density;
  if (!(width > 0)) throw new InputError(`densityAt: width must be above 0, got ${width}`);
  const factor = 1 / (Math.sqrt(2 * Math.PI) * width * probes.length);
  return at.map((x) => {
    const ofProbe = ({ values, shares }: Density['probes'][number]) =>
      sum(values, (value, i) => shares[i]! * Math.exp(-0.5 * ((x - value) / width) ** 2));
    return factor * probes.reduce((total, probe) => total + ofProbe(probe), 0);
  });
}
