import { InputError } from '../errors';
import { type Dataset, makeDataset, type Normalisation, pixelsOf, unitOf } from './dataset';

/**
 * The dataset with (x − mean) / std of each channel in every batch and every evaluation, x being
 * byte / 255 or the float itself: torchvision's `ToTensor` and `Normalize`. It shares the dataset's
 * memory, and what normalisation the dataset had is replaced. Normalise training and test images
 * alike. The native engine leaves such images to tfjs.
 *
 * @param dataset stays as it is
 * @param normalisation a number for each channel; `channelStatistics` measures them
 * @throws InputError unless there is a finite mean and a positive std for each channel
 * @example
 * ```ts
 * const grey = normalise(small, { mean: [0.1307], std: [0.3081] });
 * grey.normalisation.std; // → [ 0.3081 ]
 * ```
 */
export function normalise<D extends Dataset>(
  dataset: D,
  { mean, std }: Normalisation,
): D & { readonly normalisation: Normalisation } {
  return makeDataset({ ...dataset, normalisation: { mean: [...mean], std: [...std] } });
}

/**
 * Mean and standard deviation (of the population, by n) of each channel over all images and pixels,
 * in the units of a batch without normalisation: bytes divided by 255.
 *
 * @param dataset at least one image
 * @returns of a channel that is the same everywhere, or of one pixel, a `std` of 0, by which nothing
 *   can be normalised
 * @throws InputError on an empty dataset, and on images with NaN or ∞
 * @example
 * ```ts
 * const { mean, std } = channelStatistics(small);
 * [mean.length, std[0] > 0]; // → [ 1, true ]
 * ```
 */
export function channelStatistics(dataset: Dataset): Normalisation {
  const { images, imageShape, length, name } = dataset;
  if (length === 0) throw new InputError(`channelStatistics: ${name} has no image; give it some`);
  const [channels, height, width] = imageShape;
  const unit = unitOf(dataset);
  const meanOf = (channel: number, f: (x: number) => number) => {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const from = i * pixelsOf(dataset) + channel * height * width;
      for (let k = from; k < from + height * width; k++) sum += f(images[k]! / unit);
    }
    if (Number.isFinite(sum)) return sum / (length * height * width);
    throw new InputError(
      `channelStatistics: ${name} has numbers in channel ${channel} that are not finite, or whose ` +
        'sum is not; look for NaN in the images',
    );
  };
  const all = Array.from({ length: channels }, (_, channel) => channel);
  const mean = all.map((channel) => meanOf(channel, (x) => x));
  const variance = all.map((channel) => meanOf(channel, (x) => (x - mean[channel]!) ** 2));
  return { mean, std: variance.map(Math.sqrt) };
}
