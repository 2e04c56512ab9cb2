import type { StateDict } from '../../weights';
import { floats } from './memory';
import { inPanels, PANEL } from './panels';
import type { DenseLayer, Plan } from './plan';

/** Floats of layers whose matrices lie in panels, each followed by its bias. */
export function panelFloats(layers: readonly DenseLayer[]): number {
  return layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * inPanels(outputs), 0);
}

/** Writes a state dict's values at `address` in panels. */
export function packPanels({ layers }: Plan, stateDict: StateDict, address: number): void {
  const to = floats(address, panelFloats(layers)).fill(0);
  let at = 0;
  for (const { name, inputs, outputs } of layers) {
    const weight = stateDict[`${name}.weight`]!.dataSync();
    for (let o = 0; o < outputs; o++) {
      const column = at + (o - (o % PANEL)) * inputs + (o % PANEL);
      for (let k = 0; k < inputs; k++) to[column + k * PANEL] = weight[o * inputs + k]!;
    }
    at += inputs * inPanels(outputs);
    to.set(stateDict[`${name}.bias`]!.dataSync(), at);
    at += inPanels(outputs);
  }
}
