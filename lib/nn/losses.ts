import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { hasOwnKernel, runOwnKernel } from '../ownKernels';

/** A loss of a batch: logits [n, classes] and integer labels [n] → a scalar, the batch's mean. */
export interface LossFunction {
  (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar;
  /**
   * What saved work tells it apart by, if not by its text: two losses that a function has made of two
   * numbers have one text. `Object.assign(loss, { identity: 'mine(2)' })`.
   */
  readonly identity?: string;
  /** What plots call it, with its unit, if not by its name: `'hinge loss (margins)'`. */
  readonly title?: string;
}

/** @throws InputError on a loss under another name, which would be ignored, and on one that is none */
export function requireLossFunction(
  where: string,
  options: { readonly lossFunction?: LossFunction },
): void {
  if ('loss' in options) {
    throw new InputError(`${where}: there is no option 'loss'; give the loss as lossFunction`);
  }
  const { lossFunction = crossEntropy } = options;
  if (typeof lossFunction === 'function') return;
  throw new InputError(
    `${where}: lossFunction must be a function (logits, labels) => scalar, got ${lossFunction}`,
  );
}

/** What plots call a loss; undefined for cross-entropy, which they know. */
export function lossNameOf(loss: LossFunction | undefined): string | undefined {
  if (loss === undefined || loss === crossEntropy) return undefined;
  // A function that is written down as an option is called as the option is.
  const own = ['', 'loss', 'lossFunction'].includes(loss.name) ? 'own loss' : loss.name;
  return loss.title ?? loss.identity ?? own;
}

/**
 * Mean cross-entropy in nats: −(1/n) Σᵢ log softmax(zᵢ)[yᵢ], as `nn.CrossEntropyLoss`. Stable for
 * logits of any size, and exact to float32 for losses of any size: with m = max z,
 *
 *     −log softmax(z)[y] = log1p(Σ exp(z − m) over all classes but the winner) − (z[y] − m),
 *
 * because 1 + ε would lose an ε below 6·10⁻⁸, which is what most samples have at a minimum. The
 * gradient with respect to the logits is (softmax(z) − onehot(y))/n. A logit of −∞ is a class that
 * cannot be: it adds nothing, and costs ∞ as the label; one of ∞, or no other than −∞, gives NaN.
 * The caller disposes the scalar.
 *
 * @throws InputError unless there is a label for each row, and a logit for each label
 * @example
 * ```ts
 * const loss = crossEntropy(tf.tensor2d([[0, 0]]), tf.tensor1d([1], 'int32'));
 * loss.dataSync()[0].toFixed(6); // → '0.693147'
 * ```
 */
export const crossEntropy: LossFunction = (logits, labels) =>
  tf.tidy(() => {
    const [n, classes] = logits.shape;
    requireLabels(labels.dataSync(), n, classes);
    if (hasOwnKernel('CrossEntropy')) return crossEntropyByKernel(logits, labels);
    const atLabel = tf.oneHot(labels, classes);
    const target = atLabel.toFloat();
    const isLabel = atLabel.toBool();
    const meanOverBatch = tf.customGrad((x, save) => {
      const z = x as tf.Tensor2D;
      const shifted = z.sub(z.max(1, true));
      const losers = tf.scalar(1).sub(tf.oneHot(z.argMax<tf.Tensor1D>(1), classes));
      const others = shifted.exp().mul(losers).sum(1, true);
      // log1p(s) = 2·atanh(s/(2 + s)): the log1p of tfjs' wasm backend adds 1 first.
      const logSum = others.div(others.add(2)).atanh().mul(2);
      const losses = logSum.sub(shifted);
      (save as tf.GradSaveFunc)([losses, target]);
      // Taken out, not multiplied by 0: a class that cannot be has the loss ∞.
      const ofLabels = tf.where(isLabel, losses, tf.zerosLike(losses));
      const value = ofLabels.sum().div<tf.Scalar>(n);
      const gradFunc = (dy: tf.Tensor, [saved, oneHot]: tf.Tensor[]) =>
        saved!.neg().exp().sub(oneHot!).mul(dy.div(n));
      return { value, gradFunc };
    });
    return meanOverBatch(logits) as tf.Scalar;
  });

function crossEntropyByKernel(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const meanOverBatch = tf.customGrad((z, save) => {
    const [value, gradient] = runOwnKernel('CrossEntropy', { logits: z as tf.Tensor, labels })!;
    (save as tf.GradSaveFunc)([gradient!]);
    return { value: value!, gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => saved!.mul(dy) };
  });
  return meanOverBatch(logits) as tf.Scalar;
}

function requireLabels(labels: ArrayLike<number>, n: number, classes: number): void {
  let right = 0;
  while (right < labels.length && labels[right]! >= 0 && labels[right]! < classes) right++;
  if (labels.length === n && right === n) return;
  throw new InputError(
    `crossEntropy: expected ${n} labels from 0 to ${classes - 1}, one for each row of logits, got ` +
      (right === labels.length ? `${right}` : `${labels[right]} at position ${right}`),
  );
}

/**
 * What a loss function gives for a batch, checked: of a tensor of many numbers the gradient would be
 * that of their sum, and the figure the first of them.
 *
 * @throws InputError unless it is one number, as a tensor
 */
export function lossOf(
  lossFunction: LossFunction,
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): tf.Scalar {
  const loss: unknown = lossFunction(logits, labels);
  if (loss instanceof tf.Tensor && loss.size === 1) return loss as tf.Scalar;
  const got = loss instanceof tf.Tensor ? `shape [${loss.shape.join(', ')}]` : String(loss);
  throw new InputError(
    `a loss function must give one number as a tensor, the mean over the batch, got ${got}`,
  );
}

/**
 * The number of rows whose winner stands at the label.
 *
 * @param logits a row a sample, [n, classes]
 * @param labels the right classes, [n] int32
 * @example
 * ```ts
 * countCorrect(tf.tensor2d([[1, 2], [3, 0]]), tf.tensor1d([1, 1], 'int32')); // → 1
 * ```
 */
export function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor1D): number {
  const values = logits.dataSync();
  const classes = logits.shape[1];
  let correct = 0;
  for (const [row, label] of labels.dataSync().entries()) {
    if (winnerOf(values, row * classes, classes) === label) correct++;
  }
  return correct;
}

/**
 * Which of `classes` logits from `start` on is the largest, counted from 0: of equals the first,
 * and NaN above all, as torch's argmax (2.15) and no matter which backend.
 */
export function winnerOf(logits: ArrayLike<number>, start: number, classes: number): number {
  let winner = 0;
  for (let k = 1; k < classes && !Number.isNaN(logits[start + winner]); k++) {
    if (!(logits[start + k]! <= logits[start + winner]!)) winner = k;
  }
  return winner;
}

/**
 * The sum of cross-entropies (nats) and the number of right answers over logits [n, classes],
 * row-major, in double precision. Near a minimum a sample's loss is log(1 + ε) with an ε that
 * float32 cannot add to 1; here it is log1p of the sum over the classes that did not win.
 *
 * @throws InputError unless there is a logit for each label
 */
export function sumOverLogits(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
): { loss: number; correct: number } {
  const classes = logits.length / labels.length;
  requireLabels(labels, labels.length, classes);
  let [loss, correct] = [0, 0];
  for (let row = 0, start = 0; row < labels.length; row++, start += classes) {
    const winner = winnerOf(logits, start, classes);
    const top = logits[start + winner]!;
    // NaN where the top is infinite, which then is the loss.
    let others = top - top;
    for (let k = 0; k < classes; k++) {
      if (k !== winner) others += Math.exp(logits[start + k]! - top);
    }
    loss += Math.log1p(others) + top - logits[start + labels[row]!]!;
    if (winner === labels[row]) correct++;
  }
  return { loss, correct };
}
