import { InputError } from '../../errors';
import { type LayerKind, layerKind, type Shape } from '../kind';
import { prefixed, unprefixed } from '../stack';

/** A residual block of layers of type L; see `Residual`. */
interface Block<L> {
  readonly body: readonly L[];
  readonly shortcut?: readonly L[];
}

const BODY = 'body.';
const SHORTCUT = 'shortcut.';

/** The record of residual blocks, made of that of layers in order. */
export function residualOf<L>(stack: LayerKind<readonly L[]>): LayerKind<Block<L>> {
  const ways = ({ body, shortcut = [] }: Block<L>) =>
    [
      [BODY, body],
      [SHORTCUT, shortcut],
    ] as const;
  const named = <T>(block: Block<L>, of: (layers: readonly L[]) => Readonly<Record<string, T>>) => {
    const [body, shortcut] = ways(block).map(([prefix, layers]) => prefixed(prefix, of(layers)));
    return { ...body, ...shortcut };
  };

  function outputShape(block: Block<L>, shape: Shape): Shape {
    requireLists(block);
    const [body, shortcut] = ways(block).map(([, layers]) => stack.outputShape(layers, shape));
    if (body!.join() === shortcut!.join()) return body!;
    throw new InputError(
      `residual: its body gives [${body!.join(', ')}] and its shortcut [${shortcut!.join(', ')}], ` +
        'which cannot be added; give the shortcut a conv2d of 1 × 1 with the same outputs and stride',
    );
  }

  return layerKind<Block<L>>({
    outputShape,
    tensors: (block) => named(block, stack.tensors),
    initial: (block, random) => named(block, (layers) => stack.initial(layers, random)),
    apply(block, tensors, x) {
      const [body, shortcut] = ways(block).map(([prefix, layers]) =>
        stack.apply(layers, unprefixed(prefix, tensors), x),
      );
      return body!.add(shortcut!);
    },
    train(block, tensors, x, pass) {
      const [body, shortcut] = ways(block).map(([prefix, layers]) => {
        const keep: typeof pass.keep = (buffers) => pass.keep(prefixed(prefix, buffers));
        return stack.train(layers, unprefixed(prefix, tensors), x, { ...pass, keep });
      });
      return body!.add(shortcut!);
    },
    multiplications: (block, shape) =>
      ways(block).reduce((sum, [, layers]) => sum + stack.multiplications(layers, shape), 0),
    smallestBatch: (block, shape) =>
      Math.max(...ways(block).map(([, layers]) => stack.smallestBatch(layers, shape))),
    sizes: (block, shape) => [
      ...ways(block).flatMap(([, layers]) => stack.sizes(layers, shape)),
      ...stack.sizes(block.body, shape).slice(-1),
    ],
  });
}

function requireLists({ body, shortcut }: Block<unknown>): void {
  if (Array.isArray(body) && (shortcut === undefined || Array.isArray(shortcut))) return;
  throw new InputError('residual: body and shortcut must be lists of layers; write body: [ … ]');
}
