import { asPoint } from '../../../checks/points';
import type { Dataset } from '../../../data';
import { InputError } from '../../../errors';
import type { Network } from '../../../nn';
import { distance, labelsAlong, line } from '../../../paths';
import { equal, norm, type StateDict } from '../../../weights';
import type { Given } from './criterion';

/**
 * The ends of a path, as `w1` and `w2` of the claims.
 *
 * @throws InputError when both are about the same point or one net, between which a chain is low
 */
export async function twoMinima(
  net: Network,
  claims: Given['claims'],
  test: Dataset,
): Promise<{ w1: StateDict; w2: StateDict }> {
  const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
  if (distance(w1, w2) <= 0.3 * norm(w1)) {
    throw new InputError('w1 and w2 are about the same point, so there is no ridge between them');
  }
  await requireTwoNets(net, [w1, w2], test);
  return { w1, w2 };
}

/**
 * One net can have many points of weight space, by the order of its neurons or the sizes of their
 * weights. Two that were trained apart, on whatever images, part where none was trained: on two
 * images laid over each other.
 *
 * @throws InputError when two points give the same label to every one of these
 */
export async function requireTwoNets(
  net: Network,
  points: readonly unknown[],
  test: Dataset,
): Promise<void> {
  const [a, b] = points.map((point) => pointOrNone(net, point));
  // Of what is no point, the very same, or diverged, the check tells more.
  if (!a || !b || equal(a, b) || ![a, b].every((point) => Number.isFinite(norm(point)))) return;
  const overlaid = overlay(test);
  const [ofA, ofB] = await labelsAlong(net, line(b, a), [0, 1], overlaid);
  const known = new Set(ofA!);
  if (known.size === 1 || ofA!.some((label, i) => label !== ofB![i])) return;
  throw new InputError(
    `the two minima give the same label to each of ${overlaid.length} pairs of test images laid ` +
      'over each other: they are one net',
  );
}

function pointOrNone(net: Network, value: unknown): StateDict | undefined {
  try {
    return asPoint(net, value);
  } catch {
    return undefined;
  }
}

/** Each image with the next one over it, half of either. */
function overlay(dataset: Dataset): Dataset {
  const { images, length } = dataset;
  const pixels = images.length / length;
  const mixed = images.map((byte, i) => (byte + images[(i + pixels) % images.length]!) >> 1);
  return { ...dataset, name: `${dataset.name}, overlaid`, images: mixed };
}
