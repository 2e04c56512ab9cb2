import { layerKind } from '../kind';

/** x where it is positive, else slope·x, as `nn.LeakyReLU(slope)`. */
export interface LeakyReLU {
  readonly kind: 'leakyReLU';
  /** PyTorch's default is 0.01. */
  readonly slope: number;
}

export const leakyReLU = layerKind<LeakyReLU>({
  outputShape: (_, shape) => shape,
  apply: ({ slope }, _, x) => x.leakyRelu(slope),
});
