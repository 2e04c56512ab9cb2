import { existsSync, readdirSync } from 'node:fs';
import { InputError } from '../errors';
import { type Network, stateDictShapes } from '../nn';
import { disposeStateDict, equal, loadStateDict, type StateDict } from '../weights';
import type { Lab } from './lab';

const EXTENSION = '.safetensors';

/**
 * The points of a network's weight space that the lab's folder holds, by their file names without
 * the ending: what earlier cells and parts have saved. Files of other networks are left out, and
 * those that cannot be read, which it says. The caller disposes the tensors.
 *
 * @param lab whose folder is looked in
 * @param network the network that the nets must be of
 * @example
 * ```ts
 * const lab = openLab('small', { LAB_OUT: 'results' });
 * saveStateDict(lab.file('theta.safetensors'), theta);
 * const nets = savedNets(lab, network);
 * Object.keys(nets); // → [ 'theta' ]
 * disposeStateDict(...Object.values(nets));
 * ```
 */
export function savedNets(lab: Lab, network: Network): Record<string, StateDict> {
  const nets: [name: string, net: StateDict][] = [];
  const files = existsSync(lab.folder) ? readdirSync(lab.folder).sort() : [];
  for (const file of files.filter((name) => name.endsWith(EXTENSION))) {
    const net = readable(lab.file(file));
    if (net === undefined) continue;
    if (isOfNetwork(net, network)) nets.push([file.slice(0, -EXTENSION.length), net]);
    else disposeStateDict(net);
  }
  return Object.fromEntries(nets);
}

function readable(path: string): StateDict | undefined {
  try {
    return loadStateDict(path).stateDict;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.log(`one saved net is left out: ${error.message}`);
    return undefined;
  }
}

/**
 * Some of the saved nets, in the order of their names. They are the very state dicts, and their
 * owner disposes them.
 *
 * @param nets the nets by their names, which stay the caller's
 * @param names the names of those wanted
 * @throws InputError that lists what is there when one is missing, or when two are the same point
 * @example
 * ```ts
 * const [from, to] = chooseNets({ w1, w2, theta }, 'w1', 'theta');
 * from === w1; // → true
 * ```
 */
export function chooseNets<Names extends readonly string[]>(
  nets: Readonly<Record<string, StateDict>>,
  ...names: Names
): { [K in keyof Names]: StateDict } {
  const chosen = names.map((name) => {
    const net = Object.hasOwn(nets, name) ? nets[name] : undefined;
    if (net === undefined) {
      const there = Object.keys(nets).join(', ') || 'none yet';
      throw new InputError(`chooseNets: there is no saved net '${name}'; there are: ${there}`);
    }
    return net;
  });
  for (const [j, net] of chosen.entries()) {
    const i = chosen.slice(0, j).findIndex((other) => equal(other, net));
    if (i < 0) continue;
    throw new InputError(
      `chooseNets: '${names[i]}' and '${names[j]}' are the same point; choose different ones`,
    );
  }
  return chosen as { [K in keyof Names]: StateDict };
}

/** Whether the state dict is a point of the network's weight space. */
export function isOfNetwork(stateDict: StateDict, network: Network): boolean {
  const shapes = Object.entries(stateDict).map(([name, { shape }]) => [name, shape] as const);
  return shapesAsText(Object.fromEntries(shapes)) === shapesAsText(stateDictShapes(network));
}

function shapesAsText(shapes: Readonly<Record<string, readonly number[]>>): string {
  return JSON.stringify(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
