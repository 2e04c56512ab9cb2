import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../../errors';
import type { Pooling, Residual } from '../../../nn';
import { kindOf, type Layer } from '../../../nn/kinds';
import { prefixed, unprefixed } from '../../../nn/stack';
import { isBuffer, type StateDict } from '../../../weights';
import {
  each,
  type Moving,
  type MovingTensors,
  type Passed,
  plus,
  type Rule,
  sumOf,
} from './moving';
import { type Nonlinear, nonlinearOf } from './pointwise';

/** Layers in order, their tensors called `<i>.weight`. */
export const inOrder: Rule<readonly Layer[]> = (layers, tensors, x) => {
  const passed: Passed[] = [];
  for (const [i, layer] of layers.entries()) {
    const own = under(`${i}.`, tensors);
    passed.push(passLayer(layer, own, passed.at(-1)?.output ?? x));
  }
  return {
    output: passed.at(-1)?.output ?? x,
    backward(d) {
      let input = d;
      const gradient: Record<string, Moving> = {};
      for (let i = passed.length - 1; i >= 0; i--) {
        const of = passed[i]!.backward(input);
        Object.assign(gradient, prefixed(`${i}.`, of.gradient));
        input = of.input;
      }
      return { input, gradient };
    },
  };
};

function under(prefix: string, { values, rates }: MovingTensors): MovingTensors {
  return { values: unprefixed(prefix, values), rates: rates && unprefixed(prefix, rates) };
}

/** @throws InputError where there is no rule for a layer of that kind */
const passLayer: Rule<Layer> = (layer, tensors, x) => {
  switch (layer.kind) {
    case 'dense':
    case 'conv2d':
    case 'batchNorm2d':
      return bilinear(layer, tensors, x);
    case 'maxPool2d':
      return maxPool(layer, tensors, x);
    case 'residual':
      return residual(layer, tensors, x);
    case 'reshape':
    case 'channelsLast':
    case 'flatten':
    case 'zeroPad2d':
    case 'averagePool2d':
    case 'dropout':
      return linear(layer, tensors, x);
    default:
      return pointwise(layer, requireNonlinear(layer), x);
  }
};

/** What has no weights and is linear; dropout drops nothing here. */
const linear: Rule<Layer> = (layer, _, x) => ({
  output: each(x, (t) => kindOf(layer).apply(layer, {}, t)),
  backward: (d) => ({
    input: each(d, (t) => pullBack(layer, {}, x.value!, t).input),
    gradient: {},
  }),
});

/**
 * What is linear in its weights and in x, but for a shift: f(w, x) = B(w, x) + b. Along v that is
 * f(w, ẋ) without the shift + f(ẇ, x), and so on the way back.
 */
const bilinear: Rule<Layer> = (layer, { values, rates }, x) => {
  const { apply } = kindOf(layer);
  const along = rates && { ...values, ...rates };
  const still = x.rate ?? tf.zerosLike(x.value!);
  return {
    output: {
      value: apply(layer, values, x.value!),
      rate: plus(
        x.rate && apply(layer, unshifted(values), x.rate),
        along && apply(layer, along, x.value!),
      ),
    },
    backward(d) {
      const [value, rate] = [d.value, d.rate].map((t) => t && pullBack(layer, values, x.value!, t));
      const across = d.value && along && pullBack(layer, unshifted(along), still, d.value);
      const gradient = Object.keys(values)
        .filter((name) => !isBuffer(name))
        .map((name) => {
          // Nothing moves what a shift is multiplied by, which is 1.
          const second = name === 'bias' ? undefined : across?.gradient[name];
          return [
            name,
            { value: value?.gradient[name], rate: plus(rate?.gradient[name], second) },
          ] as const;
        });
      return {
        input: { value: value?.input, rate: plus(rate?.input, across?.input) },
        gradient: Object.fromEntries(gradient),
      };
    },
  };
};

/** The same without what is added to the product: a bias, BatchNorm's running mean. */
function unshifted(tensors: StateDict): StateDict {
  const isShift = (name: string) => name === 'bias' || name === 'running_mean';
  return Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [name, isShift(name) ? tf.zerosLike(t) : t]),
  );
}

/** Which numbers win is as it is: linear in those. */
const maxPool: Rule<Pooling> = (layer, _, x) => {
  const value = kindOf(layer).apply(layer, {}, x.value!);
  const back = (d: tf.Tensor) => pullBack(layer, {}, x.value!, d).input;
  const winners = x.rate && back(tf.onesLike(value));
  const rate = winners && ofWinners(layer.size, x.rate!.mul(winners));
  return { output: { value, rate }, backward: (d) => ({ input: each(d, back), gradient: {} }) };
};

/** The sum over each window. */
const ofWinners = (size: number, x: tf.Tensor) =>
  tf.avgPool(x as tf.Tensor4D, size, size, 'valid').mul(size * size);

const residual: Rule<Residual> = ({ body, shortcut = [] }, tensors, x) => {
  const ways = [
    ['body.', inOrder(body, under('body.', tensors), x)],
    ['shortcut.', inOrder(shortcut, under('shortcut.', tensors), x)],
  ] as const;
  const [own, other] = ways.map(([, { output }]) => output);
  return {
    output: sumOf(own!, other!),
    backward(d) {
      const back = ways.map(([prefix, way]) => [prefix, way.backward(d)] as const);
      const [first, second] = back.map(([, { input }]) => input);
      const gradients = back.map(([prefix, { gradient }]) => prefixed(prefix, gradient));
      return { input: sumOf(first!, second!), gradient: Object.assign({}, ...gradients) };
    },
  };
};

/** f of each number: R{f′(x)∘d} = f′(x)∘R{d} + f″(x)∘ẋ∘d. */
function pointwise(layer: Layer, f: Nonlinear, x: Moving): Passed {
  const value = kindOf(layer).apply(layer, {}, x.value!);
  const slope = f.slope(x.value!, value);
  const sloped = (t: tf.Tensor) => t.mul(slope);
  return {
    output: { value, rate: x.rate && sloped(x.rate) },
    backward(d) {
      const { value: of, rate } = each(d, sloped);
      const bent = f.bend && x.rate && d.value && f.bend(value).mul(x.rate).mul(d.value);
      return { input: { value: of, rate: plus(rate, bent) }, gradient: {} };
    },
  };
}

function requireNonlinear(layer: Layer): Nonlinear {
  const known = nonlinearOf(layer);
  if (known) return known;
  throw new InputError(
    `curvature: ${layer.kind === 'own' ? layer.name : layer.kind} has no second derivative here, ` +
      'and tfjs has only the first; expected dense, conv2d, batchNorm2d, pooling, dropout, ' +
      'residual, relu, leakyReLU, sigmoid, tanh and what moves or pads numbers',
  );
}

/** The derivatives of the loss by a layer's input and tensors, from the one by its output. */
function pullBack(layer: Layer, tensors: StateDict, x: tf.Tensor, d: tf.Tensor) {
  const names = Object.keys(tensors).filter((name) => !isBuffer(name));
  const f = (...args: tf.Tensor[]) => {
    const moved = names.map((name, i) => [name, args[i]!] as const);
    return kindOf(layer).apply(layer, { ...tensors, ...Object.fromEntries(moved) }, args.at(-1)!);
  };
  const all = tf.grads(f)([...names.map((name) => tensors[name]!), x], d);
  const gradient: StateDict = Object.fromEntries(names.map((name, i) => [name, all[i]!]));
  return { input: all.at(-1)!, gradient };
}
