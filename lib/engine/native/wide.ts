import { inPanels, PAIR, PANEL, ROWS } from './panels';
import type { Plan } from './plan';

/** Neurons of the first layer from which on a step in panels is the faster one. */
const WIDE = 128;
/** The most samples of a batch for which there is room by pixel. */
const MOST_ROWS = 512;
const FLOAT = 4;
const TOTALS = 16;
/** Bytes in which a thread says where everything lies. */
const STEP = 128;

/** Whether a step on so many rows goes by panels (assembly/wide.ts), and not by assembly/step.ts. */
export function isWide({ layers }: Plan, rows: number): boolean {
  return layers.length > 1 && layers[0]!.outputs >= WIDE && rows <= MOST_ROWS;
}

/** Bytes that such a step of so many threads needs besides weights and gradient. */
export function wideScratch({ layers }: Plan, rows: number, threads: number): number {
  const [first, ...later] = layers;
  const inputs = first!.inputs;
  const packed = layers.map((one) => (one.paddedInputs + 1) * inPanels(one.paddedOutputs));
  const transposed = later.map((one) => inPanels(one.paddedInputs) * one.paddedOutputs);
  const values = layers.map((one) => 2 * rows * inPanels(one.paddedOutputs));
  const floats = [...packed, ...transposed, ...values].reduce((sum, n) => sum + n, 0);
  const widest = Math.max(inputs, ...layers.map(({ paddedOutputs }) => paddedOutputs));
  const pairs = Math.max(ROWS * widest, PANEL * rows) * PAIR;
  const flags = (Math.ceil(inputs / 4) * 4 + Math.ceil(threads / 4) * 4) * FLOAT;
  const byPixel = inputs * rows * PAIR;
  return FLOAT * floats + rows * TOTALS + byPixel + flags + threads * (pairs + ROWS * FLOAT + STEP);
}
