import type { Dataset } from '../data';
import type { Curvature } from '../engine';
import { requireFinite } from '../errors';
import type { Network } from '../nn';
import type { Path } from '../paths';
import { disposeStateDict, linearCombination } from '../weights';
import { type CurvatureOptions, curvatureAt } from './curvatureAt';
import { type ExtremesOptions, extremeEigenvalues } from './extremes';
import { type Density, type DensityOptions, spectralDensity } from './quadrature';
import { length } from './vectors';

/** Curvature at a point in figures. */
export interface CurvatureFigures {
  /** In nats. */
  readonly loss: number;
  /** |∇L|: unless it is about 0 the point is not critical, and the curvature that of a slope. */
  readonly gradientNorm: number;
  /** The largest eigenvalues, from the largest down. */
  readonly largest: readonly number[];
  /** The smallest, from the smallest up. */
  readonly smallest: readonly number[];
  /** The largest residual of these: each is within it of an eigenvalue. */
  readonly residual: number;
  /** Whether all residuals are within the tolerance. */
  readonly converged: boolean;
  /** An estimate of the share of negative eigenvalues, where probes were asked for. */
  readonly negativeShare?: Density['negativeShare'];
}

/** How many eigenvalues, how exactly, and by how many probes the share is estimated. */
export interface MeasureOptions extends ExtremesOptions {
  /** As `spectralDensity` takes them; without it there is no share. */
  readonly density?: DensityOptions;
}

/**
 * Eigenvalues at both ends of the Hessian's spectrum with the gradient beside them, and the share of
 * negative ones, if asked.
 *
 * @param curvature the point, which stays the caller's
 * @param options how many, how exactly, and how the share is estimated
 * @throws InputError as `extremeEigenvalues` and `spectralDensity`
 * @example
 * ```ts
 * const curvature = await curvatureAt(network, w1, small);
 * const { largest, gradientNorm } = await measureCurvature(curvature, { largest: 3 });
 * [largest.length, gradientNorm > 0]; // → [ 3, true ]
 * curvature.dispose();
 * ```
 */
export async function measureCurvature(
  curvature: Curvature,
  options: MeasureOptions = {},
): Promise<CurvatureFigures> {
  const { density, ...ends } = options;
  const size = curvature.gradient.length;
  const times = curvature.hessian;
  const { largest, smallest, converged } = await extremeEigenvalues(times, size, ends);
  const { signal } = options;
  return {
    loss: curvature.loss,
    gradientNorm: length(curvature.gradient),
    largest: largest.map(({ value }) => value),
    smallest: smallest.map(({ value }) => value),
    residual: Math.max(0, ...[...largest, ...smallest].map(({ residual }) => residual)),
    converged,
    ...(density && {
      negativeShare: (await spectralDensity(times, size, { signal, ...density })).negativeShare,
    }),
  };
}

/** How each point is measured, and who is told of it. */
export interface AlongOptions extends MeasureOptions, CurvatureOptions {
  /** Told after each point how many of all are done. */
  readonly onPoint?: (done: number, total: number) => void;
}

/**
 * `measureCurvature` at points of a path: where does it curve down, and is the top of a ridge a
 * saddle? By default the largest and the smallest eigenvalue alone.
 *
 * @param network whose loss it is
 * @param path a line, a chain or another; its tensors stay the caller's
 * @param ts where on the path
 * @param dataset the samples; the loss is their mean
 * @param options how each point is measured
 * @throws InputError when a t is not finite, and as `curvatureAt` and `measureCurvature`
 * @example
 * ```ts
 * const along = await curvatureAlong(network, line(w1, w2), [0, 0.5, 1], small);
 * along.map(({ t }) => t); // → [ 0, 0.5, 1 ]
 * ```
 */
export async function curvatureAlong(
  network: Network,
  path: Path,
  ts: readonly number[],
  dataset: Dataset,
  options: AlongOptions = {},
): Promise<(CurvatureFigures & { readonly t: number })[]> {
  const { onPoint, engine, largest = 1, ...measure } = options;
  const rows: (CurvatureFigures & { readonly t: number })[] = [];
  for (const t of ts) {
    requireFinite('curvatureAlong', 't', t);
    const weights = linearCombination(path.coefficients(t), path.anchors, 'curvatureAlong');
    try {
      const curvature = await curvatureAt(network, weights, dataset, engine && { engine });
      try {
        rows.push({ t, ...(await measureCurvature(curvature, { ...measure, largest })) });
      } finally {
        curvature.dispose();
      }
    } finally {
      disposeStateDict(weights);
    }
    onPoint?.(rows.length, ts.length);
  }
  return rows;
}
