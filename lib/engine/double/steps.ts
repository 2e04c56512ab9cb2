import { InputError } from '../../errors';
import type { Network } from '../../nn';
import { kindOf, type Layer } from '../../nn/kinds';

/** x·Wᵀ + b, with W [outputs, inputs] and b at these places of the vector of weights. */
export interface DenseStep {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
  readonly matrix: number;
  readonly bias: number;
}

/** f of each number for itself, with its derivatives by x, given y = f(x). */
export interface PointwiseStep {
  readonly kind: 'pointwise';
  value(x: number): number;
  slope(x: number, y: number): number;
  bend(x: number, y: number): number;
}

export type Step = DenseStep | PointwiseStep;

/** Whether a network has nothing but what there is a formula for here. */
export function isFullyConnected({ layers }: Network): boolean {
  const known = ['dense', 'relu', 'leakyReLU', 'sigmoid', 'tanh'];
  return layers.every((layer) => kindOf(layer).native === 'keep' || known.includes(layer.kind));
}

/**
 * What a fully connected network does to a row of numbers, step by step.
 *
 * @throws InputError when a layer is neither dense nor a nonlinearity with a formula here
 */
export function stepsOf({ layers }: Network): Step[] {
  let at = 0;
  return layers.flatMap((layer): Step[] => {
    if (kindOf(layer).native === 'keep') return [];
    if (layer.kind !== 'dense') return [pointwise(layer)];
    const { inputs, outputs } = layer;
    const [matrix, bias] = [at, at + inputs * outputs];
    at = bias + outputs;
    return [{ kind: 'dense', inputs, outputs, matrix, bias }];
  });
}

function pointwise(layer: Layer): PointwiseStep {
  const kind = 'pointwise';
  switch (layer.kind) {
    case 'relu':
      return leaky(0);
    case 'leakyReLU':
      return leaky(layer.slope);
    case 'sigmoid': {
      const value = (x: number) => 1 / (1 + Math.exp(-x));
      const slope = (_: number, y: number) => y * (1 - y);
      return { kind, value, slope, bend: (_, y) => y * (1 - y) * (1 - 2 * y) };
    }
    case 'tanh': {
      const slope = (_: number, y: number) => 1 - y * y;
      return { kind, value: Math.tanh, slope, bend: (_, y) => -2 * y * (1 - y * y) };
    }
    default:
      throw new InputError(
        'curvature: expected dense layers with relu, leakyReLU, sigmoid or tanh between them, got ' +
          `${layer.kind}; in double precision there are no others`,
      );
  }
}

/** At 0 the slope is the lower one, as torch has it. */
function leaky(lower: number): PointwiseStep {
  return {
    kind: 'pointwise',
    value: (x) => (x > 0 ? x : lower * x),
    slope: (x) => (x > 0 ? 1 : lower),
    bend: () => 0,
  };
}
