import { InputError } from '../../errors';
import { layerKind } from '../kind';

/** x where it is positive, else slope·x, as `nn.LeakyReLU(slope)`. */
export interface LeakyReLU {
  readonly kind: 'leakyReLU';
  /** PyTorch's default is 0.01. */
  readonly slope: number;
}

export const leakyReLU = layerKind<LeakyReLU>({
  outputShape({ slope }, shape) {
    if (Number.isFinite(slope)) return shape;
    throw new InputError(
      `leakyReLU: expected a finite slope, got ${slope}; PyTorch's default is 0.01`,
    );
  },
  apply: ({ slope }, _, x) => x.leakyRelu(slope),
});
