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
    for (let first = 0; first < outputs; first += PANEL) {
      const columns = Math.min(PANEL, outputs - first);
      for (let k = 0, row = at + first * inputs; k < inputs; k++, row += PANEL) {
        for (let o = 0; o < columns; o++) to[row + o] = weight[(first + o) * inputs + k]!;
      }
    }
    at += inputs * inPanels(outputs);
    to.set(stateDict[`${name}.bias`]!.dataSync(), at);
    at += inPanels(outputs);
  }
}
