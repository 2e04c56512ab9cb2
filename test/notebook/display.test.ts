import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { DataFrame } from 'danfojs-node';
import { display, liveDisplay, mimeBundle } from '../../lib/notebook/display';
import { linspace } from '../../lib/paths';
import { pathPlot, planePlot } from '../../lib/plots';
import { chain, gridOf, hump, lengths, points } from '../plots/samples';

const line = pathPlot({ hump });
const grid = gridOf(linspace(0, 1, 3), linspace(0, 1, 4), (a, b) => 0.1 + a + b);
const plane = planePlot(grid, { chain, points, lengths });
const frame = new DataFrame([[1, '<b>']], { columns: ['n', 'text'] });

const KERNEL = Symbol.for('Jupyter.kernel');
type Sent = [bundle: object, options: { displayId: string; update: boolean }];
const kernels = globalThis as { [KERNEL]?: { display(...sent: Sent): void } };

describe('mimeBundle', () => {
  it('has a plot as Vega-Lite or Vega 5, as SVG and as a sentence', async () => {
    const mimes: [typeof line, string][] = [
      [line, 'application/vnd.vegalite.v5+json'],
      [plane, 'application/vnd.vega.v5+json'],
    ];
    for (const [spec, mime] of mimes) {
      const bundle = await mimeBundle(spec);
      assert.deepEqual(Object.keys(bundle), [mime, 'image/svg+xml', 'text/plain']);
      assert.deepEqual(bundle[mime], { ...spec, usermeta: { embedOptions: { renderer: 'svg' } } });
      assert.match(bundle['image/svg+xml'] as string, /^<svg [\s\S]*<\/svg>$/);
      assert.equal(bundle['text/plain'], spec.description);
    }
  });

  it('has a frame as an escaped table and as text', async () => {
    const bundle = await mimeBundle(frame);
    assert.match(bundle['text/html'] as string, /^<table>[\s\S]*&#60;b&#62;/);
    assert.match(bundle['text/plain'], /^n {2}text\n1 {2}<b>\n/);
  });

  it('asks an object how it wants to be shown', async () => {
    const shown = { [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*a*' }) };
    const later = { [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'b' }) };
    assert.equal((await mimeBundle(shown))['text/markdown'], '*a*');
    assert.deepEqual(await mimeBundle(later), { 'text/plain': 'b' });
  });

  it('has a tensor as type, shape and values, within an object the values if they are few', async () => {
    const tensor = tf.tensor2d([[1, 2.5]]);
    assert.equal(
      (await mimeBundle(tensor))['text/plain'],
      'tensor float32 [1, 2]\n     [[1, 2.5],]',
    );
    assert.equal(inspect(tensor), 'tensor float32 [1, 2]\n     [[1, 2.5],]');
    assert.equal(
      (await mimeBundle({ tensor }))['text/plain'],
      '{ tensor: tensor float32 [1, 2] [ [ 1, 2.5 ] ] }',
    );
    const many = { bias: tf.zeros([9]) };
    assert.equal((await mimeBundle([many]))['text/plain'], '[ { bias: tensor float32 [9] } ]');
    many.bias.dispose();
    tensor.dispose();
    assert.equal((await mimeBundle(tensor))['text/plain'], 'tensor float32 [1, 2], disposed');
  });

  it("has a plot of the reader's own without a description", async () => {
    const { description, ...bare } = line;
    assert.match((await mimeBundle(bare))['text/plain'], /^a plot in Vega-Lite, not described$/);
  });

  it('has anything else as text', async () => {
    assert.deepEqual(await mimeBundle('a\nb'), { 'text/plain': 'a\nb' });
    assert.deepEqual(await mimeBundle({ a: [1] }), { 'text/plain': '{ a: [ 1 ] }' });
    assert.deepEqual(await mimeBundle(undefined), { 'text/plain': 'undefined' });
    assert.deepEqual(await mimeBundle(null), { 'text/plain': 'null' });
  });
});

describe('display', () => {
  it("sends all formats as one output through the lab's kernel, and shows others in its place", async () => {
    const sent: Sent[] = [];
    kernels[KERNEL] = { display: (...message) => sent.push(message) };
    try {
      const live = liveDisplay();
      await live.show(line);
      await live.show('other');
    } finally {
      delete kernels[KERNEL];
    }
    const displayId = sent[0]![1].displayId;
    assert.deepEqual(sent, [
      [await mimeBundle(line), { displayId, update: false }],
      [{ 'text/plain': 'other' }, { displayId, update: true }],
    ]);
  });

  it('sends all formats as one output through a stock tslab', async () => {
    const sent: unknown[] = [];
    const jupyter = require('tslab/dist/jupyter.js') as { lastWriteDisplayData: unknown };
    jupyter.lastWriteDisplayData = (data: unknown, update: boolean) => sent.push([data, update]);
    try {
      await display(frame);
    } finally {
      jupyter.lastWriteDisplayData = null;
    }
    const data = await mimeBundle(frame);
    const [[content, update]] = sent as [[{ transient: { display_id: string } }, boolean]];
    const { display_id } = content.transient;
    assert.ok(display_id);
    assert.deepEqual([content, update], [{ data, metadata: {}, transient: { display_id } }, false]);
  });

  it('prints the text where there is no notebook', async () => {
    const printed: unknown[] = [];
    const log = console.log;
    console.log = (...message: unknown[]) => printed.push(...message);
    try {
      await display(line);
    } finally {
      console.log = log;
    }
    assert.deepEqual(printed, [line.description]);
  });
});
