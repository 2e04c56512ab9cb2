import type { StateDict } from '../weights';
import type { LayerKind, Shape } from './kind';

/**
 * Layers in order as one layer, each taking what the one before it gives. Its tensors are called
 * `<i>.weight` as those of PyTorch's `nn.Sequential`.
 */
export function stackOf<L>(kindOf: (layer: L) => LayerKind<L>): LayerKind<readonly L[]> {
  const apply: LayerKind<readonly L[]>['apply'] = (layers, tensors, x) =>
    layers.reduce((h, layer, i) => kindOf(layer).apply(layer, part(layer, tensors, i), h), x);

  function part(layer: L, tensors: StateDict, i: number): StateDict {
    const names = Object.keys(kindOf(layer).tensors(layer));
    return Object.fromEntries(names.map((name) => [name, tensors[`${i}.${name}`]!]));
  }
  /** The shapes of the input and of what each layer makes of it. */
  function shapesOf(layers: readonly L[], shape: Shape): Shape[] {
    const shapes = [shape];
    for (const layer of layers) shapes.push(kindOf(layer).outputShape(layer, shapes.at(-1)!));
    return shapes;
  }
  function ofEach<T>(layers: readonly L[], shape: Shape, f: (layer: L, shape: Shape) => T): T[] {
    const shapes = shapesOf(layers, shape);
    return layers.map((layer, i) => f(layer, shapes[i]!));
  }
  return {
    apply,
    outputShape: (layers, shape) => shapesOf(layers, shape).at(-1)!,
    tensors: (layers) => numbered(layers.map((layer) => kindOf(layer).tensors(layer))),
    initial: (layers, random) =>
      numbered(layers.map((layer) => kindOf(layer).initial(layer, random))),
    train(layers, tensors, x, pass) {
      return layers.reduce((h, layer, i) => {
        const keep = (buffers: StateDict) => pass.keep(prefixed(`${i}.`, buffers));
        return kindOf(layer).train(layer, part(layer, tensors, i), h, { ...pass, keep });
      }, x);
    },
    multiplications: (layers, shape) =>
      ofEach(layers, shape, (layer, of) => kindOf(layer).multiplications(layer, of)).reduce(
        (sum, some) => sum + some,
        0,
      ),
    smallestBatch: (layers, shape) =>
      Math.max(1, ...ofEach(layers, shape, (layer, of) => kindOf(layer).smallestBatch(layer, of))),
    sizes: (layers, shape) =>
      ofEach(layers, shape, (layer, of) => kindOf(layer).sizes(layer, of)).flat(),
  };
}

function numbered<T>(parts: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.assign({}, ...parts.map((own, i) => prefixed(`${i}.`, own)));
}

/** The same under names that begin so. */
export function prefixed<T>(prefix: string, of: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [prefix + name, value]));
}

/** What has names that begin so, without that. */
export function unprefixed<T>(prefix: string, of: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(of)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
