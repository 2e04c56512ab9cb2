import { InputError } from '../errors';
import type { Layer } from './kinds';

/** [C, 28, 28], padded with zeros to 32 × 32, or [C, 32, 32]. */
type ImageShape = readonly [channels: number, height: number, width: number];

/**
 * What networks for images of 32 × 32 begin with: PyTorch's order into tfjs's, and zeros around
 * smaller ones.
 *
 * @throws InputError on images of another size
 */
export function imagesOf32(where: string, inputShape: ImageShape): Layer[] {
  const [, height, width] = inputShape;
  if (height !== width || (height !== 28 && height !== 32)) {
    throw new InputError(
      `${where}: inputShape must be [C, 28, 28] or [C, 32, 32], got [${inputShape.join(', ')}]; ` +
        'pad or scale the images',
    );
  }
  const order: Layer = { kind: 'channelsLast' };
  return height === 32 ? [order] : [order, { kind: 'zeroPad2d', padding: 2 }];
}

/**
 * Numbers of channels times a factor, at least one of them.
 *
 * @throws InputError on a factor below 1/64
 */
export function scaledBy(where: string, width: number): (channels: number) => number {
  if (!(width >= 1 / 64 && Number.isFinite(width))) {
    throw new InputError(`${where}: width must be at least 1/64, got ${width}`);
  }
  return (channels) => Math.max(1, Math.round(channels * width));
}
