import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import {
  apply,
  applyInTraining,
  fromTorch,
  type Layer,
  type Network,
  PreResNet,
  sequential,
  toTorch,
} from '../../lib/nn';
import { recomputeStatistics } from '../../lib/training';
import { disposeStateDict, equal, isBuffer, loadStateDict, saveStateDict } from '../../lib/weights';
import { readHeader } from '../../lib/weights/safetensorsHeader';
import { temporaryFolder } from '../temporaryFolder';
import { assertNear, fixtures, part } from './beside';

/** What test/nn/torchFixtures.py has written. */
const at = (name: string) => join(fixtures, 'torch', name);
const load = (name: string) => loadStateDict(at(`${name}.safetensors`));
const dense = (inputs: number, outputs: number): Layer => ({ kind: 'dense', inputs, outputs });
const relu: Layer = { kind: 'relu' };
const block = (inputs: number): Layer[] => [
  { kind: 'conv2d', inputs, outputs: 2, kernelSize: 3, padding: 1 },
  { kind: 'batchNorm2d', features: 2 },
  relu,
  { kind: 'maxPool2d', size: 2 },
];
const custom = sequential(
  [12],
  [dense(12, 8), relu, dense(8, 8), relu, dense(8, 8), relu, dense(8, 3)],
);
const networks: Record<string, Network> = {
  sequential: sequential(
    [12],
    [
      ...Array.from({ length: 6 }, () => [dense(12, 12), { kind: 'tanh' } as const]).flat(),
      dense(12, 3),
    ],
  ),
  custom,
  vision: sequential(
    [1, 8, 8],
    [
      ...[
        { kind: 'channelsLast' } as const,
        ...block(1),
        ...block(2),
        { kind: 'flatten' } as const,
      ],
      ...[dense(8, 8), relu, { kind: 'dropout', rate: 0.5 } as const, dense(8, 3)],
    ],
  ),
  'preResNet-14': PreResNet({ depth: 14, width: 1 / 8 }),
  'preResNet-20': PreResNet({ depth: 20, width: 1 / 8, bottleneck: true }),
};

describe('fromTorch', () => {
  before(() => useBackend());

  for (const [name, network] of Object.entries(networks)) {
    it(`${name}: gives PyTorch's logits, and toTorch its file`, () => {
      const { stateDict, metadata } = load(name);
      const { stateDict: io } = load(`${name}-io`);
      const { weights, names } = fromTorch(network, stateDict, metadata);
      assertNear(apply(network, weights, io.x!), io.logits!, 1e-5, name);
      const back = toTorch(weights, names);
      assert.ok(equal(back, stateDict));
      disposeStateDict(weights, back);
    });
  }

  it('toTorch refuses one name for two tensors, of which one would be lost', () => {
    const weights = { a: tf.scalar(1), b: tf.scalar(2) };
    assert.throws(() => toTorch(weights, { a: 'fc', b: 'fc' }), /names has 'fc' for two tensors/);
    disposeStateDict(weights);
  });

  for (const name of ['preResNet-14', 'preResNet-20']) {
    it(`${name} has PyTorch's gradients, and its statistics made anew`, async () => {
      const { stateDict, metadata } = load(name);
      const { stateDict: io } = load(`${name}-io`);
      const network = networks[name]!;
      const { weights, names } = fromTorch(network, stateDict, metadata);
      const own = Object.keys(weights).filter((key) => !isBuffer(key));
      const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const point = {
          ...weights,
          ...Object.fromEntries(own.map((key, i) => [key, tensors[i]!])),
        };
        return applyInTraining(network, point, io.x!).logits.mul(io.d!).sum();
      })(own.map((key) => weights[key]!));
      const expected = tf.tidy(() => io.trained!.mul(io.d!).sum());
      assertNear(value, expected, 1e-5, 'loss', 1);
      const gradients = part(io, 'gradient/');
      for (const [i, key] of own.entries()) {
        assertNear(grads[i]!, gradients[names[key]!]!, 1e-4, key);
      }
      const dataset = {
        name: 'four',
        images: Uint8Array.from(io.x!.dataSync(), (v) => Math.round(v * 255)),
        labels: new Uint8Array(4),
        imageShape: [3, 32, 32] as const,
        length: 4,
        classes: 10,
      };
      const recomputed = await recomputeStatistics(network, weights, dataset, { batchSize: 2 });
      const statistics = part(io, 'recomputed/');
      for (const key of Object.keys(weights).filter((key) => key.includes('running'))) {
        assertNear(recomputed[key]!, statistics[names[key]!]!, 1e-5, key);
      }
      assertNear(apply(network, recomputed, io.x!), io.after!, 1e-4, 'logits after');
    });
  }

  it('maps by shape and the numbers in names where the order is not known', () => {
    for (const name of ['sequential', 'custom', 'vision']) {
      const { stateDict, metadata } = load(name);
      const known = fromTorch(networks[name]!, stateDict, metadata);
      assert.deepEqual(fromTorch(networks[name]!, stateDict).names, known.names);
    }
    const { names } = fromTorch(custom, load('custom').stateDict);
    // fc10 comes after fc2, though not in the alphabet.
    assert.equal(names['layers.2.weight'], 'fc2.weight');
    assert.equal(names['layers.4.weight'], 'fc10.weight');
  });

  it('refuses what is ambiguous, and what is of another architecture', () => {
    const { stateDict } = load('preResNet-20');
    assert.throws(
      () => fromTorch(networks['preResNet-20']!, stateDict),
      /fromTorch: '.*' and '.*' could be taken for each other, .* json\.dumps/,
    );
    const { stateDict: other, metadata } = load('custom');
    for (const given of [{}, metadata]) {
      assert.throws(
        () => fromTorch(networks.sequential!, other, given),
        /fromTorch: .*weight \[.*; it is of another architecture/,
      );
    }
    assert.throws(() => fromTorch(custom, other, { order: '[]' }), /order must be a JSON list/);
    assert.throws(
      () => apply(custom, other, tf.zeros([1, 12])),
      /all shapes are there under other names: fromTorch maps them/,
    );
  });

  it('reads F16 and BF16 as float32: what PyTorch has rounded', () => {
    const { stateDict } = load('custom');
    for (const [file, bits] of [
      ['half', 11],
      ['bfloat16', 8],
    ] as const) {
      const { weights } = fromTorch(custom, load(`custom-${file}`).stateDict);
      const exact = fromTorch(custom, stateDict).weights;
      for (const [name, tensor] of Object.entries(weights)) {
        assert.equal(tensor.dtype, 'float32');
        assertNear(tensor, exact[name]!, 2 ** -bits, name);
        assert.notDeepEqual(tensor.dataSync(), exact[name]!.dataSync());
      }
    }
  });

  it('reads and writes num_batches_tracked as int64', () => {
    const path = join(temporary, 'vision.safetensors');
    const { stateDict } = load('vision');
    assert.equal(stateDict['features.1.num_batches_tracked']!.dtype, 'int32');
    saveStateDict(path, stateDict);
    for (const file of [path, at('vision.safetensors')]) {
      const { entries } = readHeader(readFileSync(file), file);
      assert.equal(entries.get('features.1.num_batches_tracked')!.dtype, 'I64');
    }
    assert.ok(equal(loadStateDict(path).stateDict, stateDict));
  });
  const temporary = temporaryFolder();

  it('refuses whole numbers as weights, and names the first', () => {
    const linear = sequential([2], [{ kind: 'dense', inputs: 2, outputs: 2 }]);
    // What loadStateDict gives for int64.
    const stateDict = { 'fc.weight': tf.zeros([2, 2], 'int32'), 'fc.bias': tf.zeros([2]) };
    const before = tf.memory().numTensors;
    assert.throws(() => fromTorch(linear, stateDict), {
      name: 'InputError',
      message: /^fromTorch: 'fc\.weight' is int32, and weights are float32; /,
    });
    assert.equal(tf.memory().numTensors, before);
    const named = { 'layers.0.weight': stateDict['fc.weight'], 'layers.0.bias': tf.zeros([2]) };
    assert.throws(
      () => apply(linear, named, tf.zeros([1, 2])),
      /at 'layers\.0\.weight': expected float32, got int32; cast it/,
    );
  });

  it('says of files of torch.save what makes safetensors of them', () => {
    for (const name of ['linear.pt', 'linear-old.pth']) {
      assert.throws(() => loadStateDict(at(name)), {
        name: 'InputError',
        message:
          /is a file of torch\.save; make safetensors of it by python -c "import json, pickle/,
      });
    }
  });
});
