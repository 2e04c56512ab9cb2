import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { layerKind } from '../kind';

/**
 * x·Φ(x), Φ being the distribution function of N(0, 1), as `nn.GELU()` (Hendrycks and Gimpel,
 * 1606.08415): x/2·(1 + erf(x/√2)).
 */
export interface GELU {
  readonly kind: 'gelu';
  /** With it x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as `nn.GELU('tanh')`. */
  readonly approximate?: 'tanh';
}

const CUBIC = 0.044715;

export const gelu = layerKind<GELU>({
  outputShape({ approximate }, shape) {
    if (approximate === undefined || approximate === 'tanh') return shape;
    throw new InputError(
      `gelu: approximate must be 'tanh' or left out, which is exact, got ${approximate}`,
    );
  },
  apply({ approximate }, _, x) {
    const half =
      approximate === 'tanh'
        ? x
            .add(x.mul(x).mul(x).mul(CUBIC))
            .mul(Math.sqrt(2 / Math.PI))
            .tanh()
        : tf.erf(x.mul(Math.SQRT1_2));
    return half.add(1).mul(x).div(2);
  },
});
