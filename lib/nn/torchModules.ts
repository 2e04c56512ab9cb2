import { InputError } from '../errors';
import type { Shape } from './kind';

/** Tensors that share all of their name but its last word. */
export interface TorchModule {
  /** What their names begin with: `features.0.` */
  readonly path: string;
  /** The last words of their names, in order. */
  readonly words: readonly string[];
  /** Words and shapes, in an order of their own: `bias [4], weight [4, 3]`. */
  readonly kind: string;
}

type NamedShape = readonly [name: string, shape: Shape];

/** Tensors by the modules that they are of, in the order in which these begin. */
export function modulesOf(tensors: readonly NamedShape[]): TorchModule[] {
  const modules = new Map<string, NamedShape[]>();
  for (const [name, shape] of tensors) {
    const at = name.lastIndexOf('.') + 1;
    const path = name.slice(0, at);
    modules.set(path, [...(modules.get(path) ?? []), [name.slice(at), shape]]);
  }
  return [...modules].map(([path, own]) => ({
    path,
    words: own.map(([word]) => word),
    kind: own
      .map(([word, shape]) => `${word} [${shape.join(', ')}]`)
      .sort()
      .join(', '),
  }));
}

/** @throws InputError unless `order` is a JSON list of all the names, each once */
export function parsedOrder(order: string, shapes: ReadonlyMap<string, Shape>): NamedShape[] {
  let names: unknown;
  try {
    names = JSON.parse(order);
  } catch {
    names = undefined;
  }
  const sorted = (list: Iterable<unknown>) => JSON.stringify([...list].sort());
  if (!Array.isArray(names) || sorted(names) !== sorted(shapes.keys())) {
    throw new InputError(
      'fromTorch: order must be a JSON list of the names in the state dict, each once; give ' +
        'Python’s json.dumps(list(model.state_dict()))',
    );
  }
  return names.map((name: string) => [name, shapes.get(name)!]);
}

/**
 * Which of two names comes first, by the number in which they first differ: below 0 the first; 0
 * where they do not differ in a number.
 */
export function numberedApart(a: string, b: string): number {
  const partsOf = (name: string): string[] => name.match(/\d+|\D+/g) ?? [];
  const [left, right] = [partsOf(a), partsOf(b)];
  const at = left.findIndex((part, i) => part !== right[i]);
  const [x, y] = [Number(left[at]), Number(right[at])];
  return Number.isNaN(x) || Number.isNaN(y) ? 0 : x - y;
}

/** Two modules of which no number says which comes first, if there are such. */
export function unordered(modules: readonly TorchModule[]): readonly TorchModule[] | undefined {
  for (const [i, one] of modules.entries()) {
    const other = modules.slice(i + 1).find(({ path }) => numberedApart(one.path, path) === 0);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}
