import assert from 'node:assert/strict';
import { dataLoader } from '../../lib/data';
import { initialize } from '../../lib/nn';
import { addTold, curvesPicture, figuresIn, type LiveCurves } from '../../lib/notebook/liveCurves';
import { progress } from '../../lib/notebook/progress';
import { SGD } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { train } from '../../lib/training';
import { epochToldNow } from '../../lib/training/telling';
import { disposeStateDict } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

const KERNEL = Symbol.for('Jupyter.kernel');
const kernels = globalThis as { [KERNEL]?: object };

/** What is drawn, also in an image. */
const drawnIn = (html: string) => {
  const [, base64] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html) ?? [];
  return base64 === undefined ? html : Buffer.from(base64, 'base64').toString();
};

/** The lines of a picture, each as its points. */
const linesIn = (html: string) =>
  [...drawnIn(html).matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  );

function curvesOf(runs: Readonly<Record<string, readonly number[]>>): LiveCurves {
  const curves: LiveCurves = new Map();
  for (const [name, losses] of Object.entries(runs)) {
    for (const [i, loss] of losses.entries()) addTold(curves, name, { epoch: i + 1, loss });
  }
  return curves;
}

describe('live curves', () => {
  it('read the figures of the notes in the notebooks, and nothing of others', () => {
    assert.deepEqual(figuresIn('loss 1.23e-2 nats, accuracy 0.9876'), {
      loss: 0.0123,
      accuracy: 0.9876,
    });
    assert.deepEqual(figuresIn('mean loss on the chain 4.5e+0 nats'), { loss: 4.5 });
    assert.deepEqual(figuresIn('loss 0.5, accuracy 0.75.'), { loss: 0.5, accuracy: 0.75 });
    for (const note of ['loss: 0.5, accuracy: 0.75', 'loss = 0.5 accuracy = 0.75']) {
      assert.deepEqual(figuresIn(note), { loss: 0.5, accuracy: 0.75 }, note);
    }
    assert.deepEqual(figuresIn('test loss=5e-1'), { loss: 0.5 });
    assert.deepEqual(figuresIn('ReLU 3×128, seed 2'), {});
    assert.deepEqual(figuresIn('loss of conv2, seed 1'), {});
    assert.deepEqual(figuresIn('lossless 3'), {});
    assert.deepEqual(figuresIn('mean loss on the chain: 4.5'), { loss: 4.5 });
    assert.deepEqual(figuresIn('loss at t = 0.25'), {}, 'what another name has');
  });

  it('stand on a log axis from the largest loss above to the least below', () => {
    // Losses 1, 0.1, 0.01: equal steps of the logarithm, so half way is half way down.
    const [line] = linesIn(curvesPicture(curvesOf({ one: [1, 0.1, 0.01] })));
    const [above, middle, below] = line!.map(([, y]) => y!);
    assert.ok(above! < middle! && middle! < below!);
    assert.ok(Math.abs(middle! - (above! + below!) / 2) < 0.1);
    const [left, half, right] = line!.map(([x]) => x!);
    assert.ok(Math.abs(half! - (left! + right!) / 2) < 0.1);
  });

  it('are none before two points, and no more than a screen can tell', () => {
    assert.equal(curvesPicture(curvesOf({ one: [1] })), '');
    assert.equal(curvesPicture(curvesOf({ one: [1, Number.NaN] })), '');
    const many = Array.from({ length: 5000 }, (_, i) => 1 / (i + 1));
    const lines = linesIn(curvesPicture(curvesOf({ a: many, b: many, c: many })));
    assert.equal(lines.length, 3);
    assert.ok(lines.every((line) => line.length <= 202));
    // The last point is there: epoch 5000 at the right end, the least loss.
    assert.deepEqual(lines[0]!.at(-1), lines[2]!.at(-1));
  });

  it('say in words what they show, and escape it', () => {
    const svg = curvesPicture(curvesOf({ '<b>': [1, 0.25] }));
    assert.match(svg, /role="img" aria-label="So far, &#60;b&#62;: loss 0\.250"/);
  });

  describe('under a bar', () => {
    const shown: { html: string; displayId: string }[] = [];
    const now = performance.now;

    beforeEach(() => {
      shown.length = 0;
      let clock = 0;
      performance.now = () => (clock += 1000);
      kernels[KERNEL] = {
        display: (bundle: Record<string, string>, { displayId }: { displayId: string }) =>
          shown.push({ html: bundle['text/html']!, displayId }),
      };
    });
    afterEach(() => {
      performance.now = now;
      delete kernels[KERNEL];
    });

    it('grow with the notes, in one output, and stay at the end', () => {
      const bar = progress(3, 'minimum 1');
      for (const done of [1, 2, 3]) bar.update(done, `loss ${1 / done} nats, accuracy 0.${done}`);
      bar.finish();
      const counts = shown.map(({ html }) => linesIn(html)[0]?.length ?? 0);
      assert.deepEqual(counts, [0, 0, 2, 3, 3]);
      assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
      assert.equal(linesIn(shown.at(-1)!.html).length, 2);
      // A note does not say what the bar counts.
      assert.match(drawnIn(shown.at(-1)!.html), />3 of 3<\/text>/);
      // An untrusted notebook's page takes no drawing away from its text, but an image it shows.
      const { html } = shown.at(-1)!;
      assert.doesNotMatch(html, /<svg/);
      assert.match(html, /<img alt="So far, minimum 1: loss 0\.333, accuracy 0\.300" width="720"/);
      assert.match(drawnIn(html), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" color="#767676"/);
    });

    it('stay at the end under a label of two lines', () => {
      const bar = progress(2, 'seed 1\nof 2');
      for (const done of [1, 2]) bar.update(done, `loss ${1 / done}`);
      bar.finish();
      assert.equal(linesIn(shown.at(-1)!.html).length, 1);
    });

    it('are a line for each training, also of two at once under one name', async () => {
      const loader = () => dataLoader(toyDataset(12, 1), { batchSize: 4 });
      const bar = progress(6, 'children');
      const child = async (seed: number) => {
        const model = { network: toyNetwork, weights: initialize(toyNetwork, seed) };
        const optimizer = SGD({ learningRate: 0.1 });
        const onEpoch = () => bar.update(1);
        await train(model, { loader: loader(), optimizer, epochs: 3, onEpoch });
        optimizer.dispose();
        disposeStateDict(model.weights);
      };
      await Promise.all([child(1), child(2)]);
      bar.finish();
      const losses = linesIn(shown.at(-1)!.html).slice(0, 2);
      for (const line of losses) {
        const xs = line.map(([x]) => x!);
        assert.equal(xs.length, 3);
        assert.ok(xs[0]! < xs[1]! && xs[1]! < xs[2]!, String(xs));
      }
    });

    it('are of the epochs that train and fitBend tell of, a run by each note', async () => {
      const loader = dataLoader(toyDataset(12, 1), { batchSize: 4 });
      const bar = progress(4, 'sweep');
      for (const run of ['seed 1', 'seed 2']) {
        const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
        const optimizer = SGD({ learningRate: 0.1 });
        const onEpoch = () => bar.update(1, run);
        await train(model, { loader, optimizer, epochs: 3, onEpoch });
        optimizer.dispose();
        disposeStateDict(model.weights);
      }
      const ends = [1, 2].map((seed) => initialize(toyNetwork, seed));
      const optimizer = SGD({ learningRate: 0.1 });
      const onEpoch = () => bar.update(1, 'bend');
      const [w1, w2] = ends as [(typeof ends)[0], (typeof ends)[0]];
      const bend = await fitBend(toyNetwork, w1, w2, {
        loader,
        optimizer,
        epochs: 2,
        seed: 1,
        onEpoch,
      });
      bar.update(4, 'seed 2, from its file');
      bar.finish();
      assert.match(drawnIn(shown.at(-1)!.html), />epoch 3<\/text>/);
      optimizer.dispose();
      disposeStateDict(w1, w2, bend.theta);
      // Loss and accuracy of three runs, of 3, 3 and 2 epochs.
      const lengths = linesIn(shown.at(-1)!.html).map((line) => line.length);
      assert.deepEqual(lengths, [3, 3, 2, 3, 3, 2]);
      assert.equal(epochToldNow(), undefined);
    });
  });
});
