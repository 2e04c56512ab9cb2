import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';

/**
 * y = f() and ∂y/∂x of each x, which the caller disposes. Of an x that f does not use, as of a layer
 * that is dropped for this batch, that is 0. PyTorch's optimizers pass over such a weight, which is the
 * same but for momentum and weight decay. Whatever f or its gradient throws, nothing is left of it.
 *
 * @throws InputError when y depends on no x
 */
export function valueAndGradients(
  f: () => tf.Scalar,
  xs: readonly tf.Tensor[],
): { value: tf.Scalar; grads: tf.Tensor[] } {
  if (xs.length === 0) throw new InputError('the network has no weights; give it a dense layer');
  try {
    return tf.tidy(() => {
      const of = tf.engine().gradients(f, [...xs], undefined, true);
      const given: readonly (tf.Tensor | undefined)[] = of.grads;
      if (given.every((gradient) => gradient === undefined)) {
        throw new InputError(
          'the loss depends on no weight of the network, so there is no gradient; compute it of the ' +
            'logits by operations of tfjs, not of numbers that were read by dataSync',
        );
      }
      return { value: of.value, grads: xs.map((x, i) => given[i] ?? tf.zerosLike(x)) };
    });
  } catch (error) {
    freeTape();
    throw error;
  }
}

/** What tfjs keeps for the way back it frees only at its end. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}
