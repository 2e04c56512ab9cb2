import { layerKind } from '../kind';
import { imageShape } from './images';

/** [C, H, W] → [H, W, C]. */
export interface ChannelsLast {
  readonly kind: 'channelsLast';
}

/** [H, W, C] → [C·H·W], the channel slowest. */
export interface Flatten {
  readonly kind: 'flatten';
}

export const channelsLast = layerKind<ChannelsLast>({
  outputShape({ kind }, shape) {
    const [channels, height, width] = imageShape(kind, shape);
    return [height, width, channels];
  },
  // One channel has the same order either way.
  apply: (_layer, _tensors, x) =>
    x.shape[1] === 1
      ? x.reshape([x.shape[0]!, x.shape[2]!, x.shape[3]!, 1])
      : x.transpose([0, 2, 3, 1]),
});

export const flatten = layerKind<Flatten>({
  outputShape({ kind }, shape) {
    const [height, width, channels] = imageShape(kind, shape);
    return [height * width * channels];
  },
  apply: (_layer, _tensors, x) => x.transpose([0, 3, 1, 2]).reshape([x.shape[0]!, -1]),
});
