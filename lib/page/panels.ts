/** Columns of a panel, in which evaluations read matrices: see assembly/panels.ts. */
const PANEL = 16;
/** Samples that go through the layers together, and bytes of a pair: see assembly/evaluate.ts. */
const ROWS = 64;
const PAIR = 8;
const FLOAT = 4;

/** A dense layer: its widths, and that of its outputs in the layout that SGD moves. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly padded: number;
  readonly paddedInputs: number;
}

/** The layers of a plan, which is numbers as assembly/plan.ts reads them. */
function layersOf(plan: readonly number[]): Layer[] {
  return Array.from({ length: plan[0]! }, (_, l) => {
    const [inputs, paddedInputs, outputs, padded] = plan.slice(2 + 2 * l, 6 + 2 * l);
    return { inputs: inputs!, paddedInputs: paddedInputs!, outputs: outputs!, padded: padded! };
  });
}

const inPanels = (columns: number) => Math.ceil(columns / PANEL) * PANEL;

const floatsOf = (layers: readonly Layer[]) =>
  layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * inPanels(outputs), 0);

/**
 * Weights in the layout that SGD moves, in the one that evaluations read. In both the first layer's
 * matrix lies in panels.
 */
export function panelsOf(plan: readonly number[], weights: Float32Array): Float32Array {
  const layers = layersOf(plan);
  const panels = new Float32Array(floatsOf(layers));
  let [from, to] = [0, 0];
  for (const [l, { inputs, paddedInputs, outputs, padded }] of layers.entries()) {
    const bias = from + paddedInputs * padded;
    const biasTo = to + inputs * inPanels(outputs);
    for (let o = 0; o < outputs; o++) {
      const column = (o - (o % PANEL)) * inputs + (o % PANEL);
      const [at, next] = l === 0 ? [column, PANEL] : [o, padded];
      for (let k = 0; k < inputs; k++)
        panels[to + column + k * PANEL] = weights[from + at + k * next]!;
      panels[biasTo + o] = weights[bias + o]!;
    }
    from = bias + padded;
    to = biasTo + inPanels(outputs);
  }
  return panels;
}

/** Bytes that the evaluation of so many points on so many samples needs. */
export function scratchBytes(
  plan: readonly number[],
  { anchors, points, samples }: Readonly<Record<'anchors' | 'points' | 'samples', number>>,
): number {
  const layers = layersOf(plan);
  const [first] = layers as [Layer];
  const widest = Math.max(...layers.map(({ outputs }) => inPanels(outputs)));
  const values = 3 * ROWS * widest * FLOAT;
  const pairs = ROWS * Math.max(widest, first.inputs) * PAIR + ROWS * FLOAT;
  const later = Math.max(floatsOf(layers.slice(1)), 1) * FLOAT;
  const rows = Math.ceil(samples / ROWS) * ROWS;
  const firsts = anchors * rows * inPanels(first.outputs) * FLOAT;
  return values + pairs + points * later + firsts;
}
