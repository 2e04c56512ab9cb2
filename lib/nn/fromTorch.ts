import type { Tensor } from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { isBuffer, type Metadata, mapStateDict, type StateDict } from '../weights';
import { type Network, stateDictShapes } from './network';
import { modulesOf, numberedApart, parsedOrder, type TorchModule, unordered } from './torchModules';

/** PyTorch's name of each of a network's tensors. */
export type TorchNames = Readonly<Record<string, string>>;

/**
 * A PyTorch model's tensors as weights of a network, whatever its modules are called: `fc1.weight`,
 * `0.weight` or `features.0.weight` for `layers.1.weight`.
 *
 * Tensors that share all of their name but its last word are a module, such as a convolution's
 * `weight` and `bias`. A module of the network is one of the model with the same words and shapes. Of
 * several that are alike the order decides. A safetensors file sorts its names; where `order` is in
 * its metadata, as the command writes it that `loadStateDict` tells for `.pt` files, all modules
 * are taken in that order, one after the other. Without it modules that are alike are taken in the
 * order of the numbers in their names (`conv2` before `conv10`, `layer1.0` before `layer2.0`), and
 * are refused where they differ otherwise (`query` and `key`). Names and shapes do not say what
 * stands between the modules, a ReLU or a tanh: compare an output.
 *
 * @param network whose weights they become
 * @param stateDict the model's tensors, which stay the caller's
 * @param metadata of the file; `order`, a JSON list, says how the model orders its names
 * @returns `weights`, which the caller disposes, and `names`: PyTorch's name of each, for `toTorch`
 * @throws InputError that names the first tensors that do not fit, or could be taken for each other
 * @example
 * ```ts
 * const model = { 'fc1.weight': w1['layers.1.weight']!, 'fc1.bias': w1['layers.1.bias']!,
 *   'fc2.weight': w1['layers.3.weight']!, 'fc2.bias': w1['layers.3.bias']! };
 * const { weights, names } = fromTorch(network, model);
 * names['layers.3.weight']; // → 'fc2.weight'
 * equal(weights, w1); // → true
 * ```
 */
export function fromTorch(
  network: Network,
  stateDict: StateDict,
  { order }: Metadata = {},
): { weights: StateDict; names: TorchNames } {
  const shapes = Object.entries(stateDict).map(([name, { shape }]) => [name, shape] as const);
  const ours = modulesOf(Object.entries(stateDictShapes(network)));
  const pairs =
    order === undefined
      ? pairedByShape(ours, modulesOf(shapes))
      : pairedByOrder(ours, modulesOf(parsedOrder(order, new Map(shapes))));
  const names: Record<string, string> = {};
  for (const [own, theirs] of pairs) {
    for (const word of own.words) names[own.path + word] = theirs.path + word;
  }
  const inOrder = Object.keys(stateDictShapes(network)).map((name) => [name, names[name]!]);
  requireFloats(inOrder.map(([, theirs]) => [theirs!, stateDict[theirs!]!]));
  const weights = inOrder.map(([name, theirs]) => [name, stateDict[theirs!]!.clone()] as const);
  return { weights: Object.fromEntries(weights), names: Object.fromEntries(inOrder) };
}

/** Whole numbers are no point of weight space; a file has them where a model was quantised. */
function requireFloats(tensors: readonly (readonly [name: string, tensor: Tensor])[]): void {
  const [name, tensor] =
    tensors.find(([own, { dtype }]) => dtype !== 'float32' && !isBuffer(own)) ?? [];
  if (tensor === undefined) return;
  throw new InputError(
    `fromTorch: '${name}' is ${tensor.dtype}, and weights are float32; save it as .float() in PyTorch, ` +
      'after dequantising it if it was quantised',
  );
}

/**
 * The way back: weights under PyTorch's names, as `saveStateDict` then writes them and
 * `load_state_dict` takes them.
 *
 * @param weights of the network, which stay the caller's
 * @param names what `fromTorch` has given
 * @returns new tensors, which the caller disposes
 * @throws InputError when a tensor has no name there, or two have the same
 * @example
 * ```ts
 * const names = Object.fromEntries(Object.keys(w1).map((name) => [name, name.slice('layers.'.length)]));
 * Object.keys(toTorch(w1, names)); // → [ '1.weight', '1.bias', '3.weight', '3.bias' ]
 * ```
 */
export function toTorch(weights: StateDict, names: TorchNames): StateDict {
  const unnamed = Object.keys(weights).find((name) => !Object.hasOwn(names, name));
  if (unnamed !== undefined) {
    throw new InputError(
      `toTorch: names has none for '${unnamed}'; take those that fromTorch gave`,
    );
  }
  const theirs = Object.keys(weights).map((name) => names[name]!);
  const twice = theirs.find((name, i) => theirs.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InputError(`toTorch: names has '${twice}' for two tensors; give each its own`);
  }
  const copies = mapStateDict(weights, (tensor) => tensor.clone());
  return Object.fromEntries(Object.entries(copies).map(([name, copy]) => [names[name]!, copy]));
}

type Pair = readonly [ours: TorchModule, theirs: TorchModule];

function pairedByOrder(ours: readonly TorchModule[], theirs: readonly TorchModule[]): Pair[] {
  const longest = ours.length > theirs.length ? ours : theirs;
  return longest.map((_, i) => {
    const [own, other] = [ours[i], theirs[i]];
    if (own && other && own.kind === other.kind) return [own, other];
    throw new InputError(
      `fromTorch: in PyTorch's order module ${i + 1} is ${described(other)}, and in the network ` +
        `${described(own)}; ${remedyFor(ours, theirs)}`,
    );
  });
}

function pairedByShape(ours: readonly TorchModule[], theirs: readonly TorchModule[]): Pair[] {
  const taken = new Map<string, TorchModule[]>();
  for (const module of theirs) {
    taken.set(module.kind, [...(taken.get(module.kind) ?? []), module]);
  }
  const mismatch = [...ours, ...theirs].find(
    ({ kind }) => count(ours, kind) !== count(theirs, kind),
  );
  if (mismatch !== undefined) {
    const { kind } = mismatch;
    throw new InputError(
      `fromTorch: of modules with ${kind} the network has ${count(ours, kind)} and the state dict ` +
        `${count(theirs, kind)} (${mismatch.path}…); it is of another architecture`,
    );
  }
  const queues = new Map([...taken].map(([kind, modules]) => [kind, inOrderOfNumbers(modules)]));
  return ours.map((own) => [own, queues.get(own.kind)!.shift()!]);
}

function inOrderOfNumbers(modules: readonly TorchModule[]): TorchModule[] {
  const sorted = modules.toSorted((a, b) => numberedApart(a.path, b.path));
  const alike = unordered(modules);
  if (alike === undefined) return sorted;
  const [first, second] = alike.map(({ path, words }) => `'${path}${words[0]}'`);
  throw new InputError(
    `fromTorch: ${first} and ${second} could be taken for each other, and a safetensors file does ` +
      'not keep their order; give { order: … } as metadata, Python’s ' +
      'json.dumps(list(model.state_dict()))',
  );
}

function count(modules: readonly TorchModule[], kind: string): number {
  return modules.filter((module) => module.kind === kind).length;
}

function described(module: TorchModule | undefined): string {
  return module === undefined ? 'none' : `${module.path}… with ${module.kind}`;
}

function remedyFor(ours: readonly TorchModule[], theirs: readonly TorchModule[]): string {
  const same = [...ours, ...theirs].every(({ kind }) => count(ours, kind) === count(theirs, kind));
  return same ? 'give them in the order of the network' : 'it is of another architecture';
}
