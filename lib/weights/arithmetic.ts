import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { coordinates, requireSameStructure, type StateDict, tensorOf } from './stateDict';

/**
 * Arithmetic on state dicts as vectors. Every function leaves its arguments alone and returns
 * fresh tensors, which the caller disposes (inside `tf.tidy` they are disposed as any others).
 * Buffers (BatchNorm's statistics and counters) are no coordinates of weight space and left out
 * of dot products and norms; a counter is carried over from the first argument. Every other tensor
 * must be float32: whole numbers are refused.
 */

/**
 * out = a + b, tensor by tensor. The caller disposes the result.
 *
 * @param a the first vector
 * @param b the second, of the same names and shapes
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * add(a, b).w.arraySync(); // → [ 3, 5 ]
 * ```
 */
export function add(a: StateDict, b: StateDict): StateDict {
  return linearCombination([1, 1], [a, b], 'add');
}

/**
 * out = a − b, tensor by tensor. The caller disposes the result.
 *
 * @param a the first vector
 * @param b the second, of the same names and shapes
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * subtract(a, b).w.arraySync(); // → [ 3, 3 ]
 * ```
 */
export function subtract(a: StateDict, b: StateDict): StateDict {
  return linearCombination([1, -1], [a, b], 'subtract');
}

/**
 * out = c·a, tensor by tensor. The caller disposes the result.
 *
 * @param c the factor
 * @param a the vector
 * @throws InputError when a weight is not float32
 * @example
 * ```ts
 * scale(2, a).w.arraySync(); // → [ 6, 8 ]
 * ```
 */
export function scale(c: number, a: StateDict): StateDict {
  return linearCombination([c], [a], 'scale');
}

/**
 * out = Σᵢ cᵢ·aᵢ, tensor by tensor. A term with coefficient 0 contributes exactly nothing (even
 * when it holds NaN or ∞), and coefficient 1 adds the very numbers, so ends of paths are exact. The
 * caller disposes the result.
 *
 * @param coefficients cᵢ, one for each state dict
 * @param stateDicts aᵢ, of the same names and shapes
 * @param where what an error names as its place
 * @throws InputError when the structures differ, a weight is not float32, the lists' lengths differ, or
 *   there is no term
 * @example
 * ```ts
 * linearCombination([0.5, 0.5], [a, b]).w.arraySync(); // → [ 1.5, 2.5 ]
 * ```
 */
export function linearCombination(
  coefficients: readonly number[],
  stateDicts: readonly StateDict[],
  where = 'linearCombination',
): StateDict {
  const [first, ...others] = stateDicts;
  if (first === undefined || coefficients.length !== stateDicts.length) {
    throw new InputError(
      `${where}: expected one coefficient for each of at least one state dict, got ` +
        `${coefficients.length} for ${stateDicts.length}`,
    );
  }
  for (const other of others) requireSameStructure(where, first, other);
  coordinates(where, first);
  return mapStateDict(first, (tensor, name) =>
    tensor.dtype === 'float32'
      ? combineTensors(
          coefficients,
          stateDicts.map((s) => s[name]!),
        )
      : tensor.clone(),
  );
}

function combineTensors(coefficients: readonly number[], tensors: readonly tf.Tensor[]): tf.Tensor {
  let sum: tf.Tensor | undefined;
  tensors.forEach((tensor, i) => {
    const c = coefficients[i]!;
    if (c === 0) return;
    const term = c === 1 ? tensor : tensor.mul(c);
    sum = sum === undefined ? term : sum.add(term);
  });
  return sum === undefined ? tf.zerosLike(tensors[0]!) : sum.clone();
}

/**
 * ⟨a, b⟩ = Σ aᵢ·bᵢ over all entries of all tensors but buffers, in double precision.
 *
 * @param a the first vector
 * @param b the second, of the same names and shapes
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * dot(a, b); // → 4
 * ```
 */
export function dot(a: StateDict, b: StateDict): number {
  requireSameStructure('dot', a, b);
  let sum = 0;
  for (const name of coordinates('dot', a)) {
    const [x, y] = [a[name]!.dataSync(), b[name]!.dataSync()];
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  }
  return sum;
}

/**
 * The Euclidean length |a| = √⟨a, a⟩; buffers are no coordinates.
 *
 * @param a the vector
 * @throws InputError when a weight is not float32
 * @example
 * ```ts
 * norm(a); // → 5
 * ```
 */
export function norm(a: StateDict): number {
  return Math.sqrt(dot(a, a));
}

/**
 * Throws unless every weight is a finite number; `name` is the caller's for the state dict.
 *
 * @throws InputError that says whose weights they are and where they may come from
 */
export function requireFiniteWeights(where: string, name: string, weights: StateDict): void {
  if (Number.isFinite(norm(weights))) return;
  throw new InputError(
    `${where}: some weights of ${name} are not finite; take those of a training that did not ` +
      'diverge',
  );
}

/**
 * cos∠(a, b) = ⟨a, b⟩ / (|a|·|b|), in [−1, 1]; NaN when either is zero.
 *
 * @param a the first vector
 * @param b the second, of the same names and shapes
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * cosine(a, b); // → 0.8
 * ```
 */
export function cosine(a: StateDict, b: StateDict): number {
  const ratio = dot(a, b) / (norm(a) * norm(b));
  return Math.max(-1, Math.min(1, ratio));
}

/**
 * A copy that lives on when `a` is disposed. The caller disposes the result.
 *
 * @example
 * ```ts
 * const kept = clone(a);
 * equal(kept, a); // → true
 * disposeStateDict(kept);
 * ```
 */
export function clone(a: StateDict): StateDict {
  return mapStateDict(a, (tensor) => tensor.clone());
}

/**
 * Whether names, shapes, dtypes and every number are the same, bit for bit (NaN equals NaN).
 *
 * @param a one state dict
 * @param b the other
 * @example
 * ```ts
 * equal(a, clone(a)); // → true
 * equal(a, b); // → false
 * ```
 */
export function equal(a: StateDict, b: StateDict): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => equalTensors(a[name]!, tensorOf(b, name)))
  );
}

function equalTensors(a: tf.Tensor, b: tf.Tensor | undefined): boolean {
  if (a.dtype !== b?.dtype || a.shape.join() !== b.shape.join()) return false;
  const [x, y] = [a.dataSync(), b.dataSync()];
  return x.every((value, i) => Object.is(value, y[i]));
}

/**
 * Applies `f` to every tensor; what `f` makes on the way is disposed, its results are kept. The
 * caller disposes the result.
 *
 * @param a the state dict, which stays as it is
 * @param f gives a tensor for each; `name` is its name
 * @example
 * ```ts
 * mapStateDict(a, (tensor) => tensor.square()).w.arraySync(); // → [ 9, 16 ]
 * ```
 */
export function mapStateDict(
  a: StateDict,
  f: (tensor: tf.Tensor, name: string) => tf.Tensor,
): StateDict {
  return tf.tidy(() =>
    Object.fromEntries(Object.entries(a).map(([name, tensor]) => [name, f(tensor, name)])),
  );
}
