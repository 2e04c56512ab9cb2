import { InputError } from '../../errors';
import { sizeOf } from '../../shape';
import { layerKind, type Shape } from '../kind';

/** [n, …] → [n, …shape], the same numbers in the same order. */
export interface Reshape {
  readonly kind: 'reshape';
  readonly shape: Shape;
}

export const reshape = layerKind<Reshape>({
  outputShape(layer, shape) {
    const [given, wanted] = [sizeOf(shape), sizeOf(layer.shape)];
    if (given === wanted) return layer.shape;
    throw new InputError(
      `reshape: cannot turn [${shape.join(', ')}] into [${layer.shape.join(', ')}]: ` +
        `${given} numbers against ${wanted}`,
    );
  },
  apply: ({ shape }, _, x) => x.reshape([x.shape[0]!, ...shape]),
  native: 'keep',
});
