import { InputError } from '../errors';
import { mapStateDict, requireSameStructure, type StateDict } from '../weights';

/**
 * The weights with some layers of another's: what averaging one layer at a time goes to (Adilova et
 * al. 2024, arXiv 2307.06966). The straight line from `weights` to it moves these layers alone. The
 * caller disposes the result.
 *
 * @param weights where all other layers are from; it stays as it is
 * @param other where the named layers are from; it stays as it is
 * @param layers what the names of their tensors begin with: `layers.1` is `layers.1.weight` and
 *   `layers.1.bias`, buffers too
 * @throws InputError when the structures differ or a layer has no tensor
 * @example
 * ```ts
 * const mixed = replaceLayers(w1, w2, ['layers.3']);
 * mixed['layers.3.bias'].dataSync()[0] === w2['layers.3.bias'].dataSync()[0]; // → true
 * mixed['layers.1.bias'].dataSync()[0] === w1['layers.1.bias'].dataSync()[0]; // → true
 * disposeStateDict(mixed);
 * ```
 */
export function replaceLayers(
  weights: StateDict,
  other: StateDict,
  layers: readonly string[],
): StateDict {
  requireSameStructure('replaceLayers', weights, other);
  const known = layersOf(weights);
  const missing = layers.find((layer) => !known.includes(layer));
  if (missing !== undefined) {
    throw new InputError(
      `replaceLayers: there is no layer ${missing}; the layers are ${known.join(', ')}`,
    );
  }
  return mapStateDict(weights, (tensor, name) =>
    (layers.includes(layerOf(name)) ? other[name]! : tensor).clone(),
  );
}

/**
 * The layers that have tensors, in the order of the state dict: what `replaceLayers` takes.
 *
 * @param weights a state dict
 * @example
 * ```ts
 * layersOf(w1); // → [ 'layers.1', 'layers.3' ]
 * ```
 */
export function layersOf(weights: StateDict): string[] {
  return [...new Set(Object.keys(weights).map(layerOf))];
}

const layerOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')));
