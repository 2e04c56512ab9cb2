import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { crossEntropy, type LossFunction } from './losses';

/**
 * Cross-entropy against labels of which a part ε is shared out among all classes alike, in nats, as
 * `nn.CrossEntropyLoss(label_smoothing=ε)`: the mean over the batch of
 *
 *     −(1 − ε)·log softmax(z)[y] − (ε/K)·Σₖ log softmax(z)[k],    K the number of classes
 *
 * (Szegedy et al. 2016, 1512.00567). Its least value is not 0. For training, bends, paths and planes;
 * the caller disposes the scalar that the loss gives.
 *
 * @param amount ε in [0, 1)
 * @throws InputError when ε is outside [0, 1)
 * @example
 * ```ts
 * const loss = labelSmoothing(0.1)(tf.tensor2d([[1, 0]]), tf.tensor1d([0], 'int32'));
 * loss.dataSync()[0].toFixed(4); // → '0.3633'
 * ```
 */
export function labelSmoothing(amount: number): LossFunction {
  if (!(amount >= 0 && amount < 1)) {
    throw new InputError(
      `labelSmoothing: amount must be at least 0 and less than 1, got ${amount}`,
    );
  }
  const loss: LossFunction = (logits, labels) =>
    tf.tidy(() => {
      const ofLabels = crossEntropy(logits, labels).mul(1 - amount);
      // 0·∞ is NaN: a class that cannot be costs nothing where nothing is shared out.
      return amount === 0
        ? ofLabels.clone()
        : ofLabels.sub<tf.Scalar>(tf.logSoftmax(logits).mean().mul(amount));
    }) as tf.Scalar;
  return Object.assign(loss, {
    identity: `labelSmoothing(${amount})`,
    title: `cross-entropy loss, labels smoothed by ${amount} (nats)`,
  });
}
