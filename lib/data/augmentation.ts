import { InputError, requireInteger, requireKnown } from '../errors';
import { generator, requireSeed } from '../random';
import { type Dataset, pixelsOf } from './dataset';

/** How training images are changed at random, each anew in each pass, as is usual for CIFAR. */
export interface Augmentation {
  /**
   * A crop of the image's own size, each place equally likely, from the image with so many pixels of
   * 0 added on every side: torchvision's `RandomCrop(size, padding)`. By default 0: no crop. The
   * zeros come before normalisation, as there.
   */
  readonly padding?: number;
  /** Mirrors left and right with probability ½: `RandomHorizontalFlip()`. By default false. */
  readonly flip?: boolean;
  /** What is drawn is a function of this seed and the loader's epoch, in the order of the samples. */
  readonly seed: number;
}

/** Writes a sample's numbers into `room` from `start` on. */
export type CopyImage = (index: number, room: Float32Array, start: number) => void;

const FIELDS = Object.keys({
  padding: true,
  flip: true,
  seed: true,
} satisfies Record<keyof Augmentation, true>);

/**
 * @throws InputError unless the seed and the padding are integers of at least 0 and flip yes or no, and
 *   nothing else is there
 */
export function requireAugmentation(augmentation: Augmentation): void {
  requireKnown('dataLoader', 'augmentation', augmentation, FIELDS);
  const { padding = 0, flip = false, seed } = augmentation;
  requireSeed('dataLoader', 'augmentation.seed', seed);
  requireInteger('dataLoader', 'augmentation.padding', padding, 0);
  if (typeof flip === 'boolean') return;
  throw new InputError(`dataLoader: augmentation.flip must be true or false, got ${flip}`);
}

/** The images as they are. */
export function plainCopy(dataset: Dataset): CopyImage {
  const pixels = pixelsOf(dataset);
  return (index, room, start) => {
    room.set(dataset.images.subarray(index * pixels, (index + 1) * pixels), start);
  };
}

/** Keeps the draws apart from a shuffle of the same seed. */
const AUGMENTATION_STREAM = 3;

/** The images of a pass as training sees them: each call draws. */
export function augmentedCopy(
  { images, imageShape }: Dataset,
  augmentation: Augmentation,
  epoch: number,
): CopyImage {
  requireAugmentation(augmentation);
  const { padding = 0, flip = false, seed } = augmentation;
  const [channels, height, width] = imageShape;
  const random = generator(seed, epoch, AUGMENTATION_STREAM);
  return (index, room, start) => {
    const down = padding === 0 ? 0 : random.integer(2 * padding + 1) - padding;
    const right = padding === 0 ? 0 : random.integer(2 * padding + 1) - padding;
    const mirrored = flip && random.integer(2) === 1;
    // out[y][x] = image[y + down][x + right], 0 outside of it; x counted from the right if mirrored.
    const from = Math.max(0, -right);
    const to = Math.min(width, width - right);
    for (let row = 0; row < channels * height; row++) {
      const y = (row % height) + down;
      const out = room.subarray(start + row * width, start + (row + 1) * width).fill(0);
      if (y < 0 || y >= height || from >= to) continue;
      const source = index * channels * height * width + (row + down) * width + right;
      out.set(images.subarray(source + from, source + to), from);
      if (mirrored) out.reverse();
    }
  };
}
