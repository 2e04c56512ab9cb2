import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { loadMnist } from '../../lib/data';
import { ClassifierFC, initialize } from '../../lib/nn';
import { landscape } from '../../lib/notebook';
import { pageOf } from '../../lib/page';
import { contentsOf } from '../../lib/page/contents';
import { type Header, joinArrays } from '../../lib/page/payload';
import { frameOf, onChain, planeThrough } from '../../lib/page/plane';
import { addressOf, viewOf } from '../../lib/page/state';
import { linspace } from '../../lib/paths';
import { linearCombination, type StateDict } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

/** Three points of weight space, none of them trained. */
function threePoints(network: typeof toyNetwork) {
  const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(network, seed));
  return { w1: w1!, w2: w2!, theta: theta! };
}
const toys = { train: toyDataset(40, 1), test: toyDataset(20, 2) };

describe('the page', () => {
  const textIn = (html: string, id: string) =>
    new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? '';

  it('is at most 6 MB, and asks for nothing from elsewhere', async () => {
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
    const html = pageOf(network, threePoints(network), await loadMnist(), 4000);
    assert.ok(html.length <= 6e6, `${html.length} characters`);
    // The name of SVG is an address that nobody opens.
    const named = html.replaceAll('http://www.w3.org/2000/svg', '');
    const outside = /https?:|\bsrc=|\bhref=|@import|\burl\(|\bfetch\(|XMLHttpRequest|import\(/;
    assert.equal(outside.exec(named)?.[0], undefined);
    assert.match(
      html,
      /content="default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'/,
    );
    assert.doesNotMatch(html, /\/\* (header|arrays|script|style) \*\//);
  });

  it('has in it what it is made of', () => {
    const points = threePoints(toyNetwork);
    const { header, contents } = contentsOf(toyNetwork, points, toys, 40);
    const html = pageOf(toyNetwork, points, toys, 40);
    const read = JSON.parse(textIn(html, 'header')) as Header;
    assert.deepEqual(read, JSON.parse(JSON.stringify(header)));
    const arrays = gunzipSync(Buffer.from(textIn(html, 'arrays'), 'base64'));
    assert.ok(arrays.equals(joinArrays(contents)));
  });

  it('is a frame in a notebook, whole in its attribute', () => {
    const shown = landscape(toyNetwork, threePoints(toyNetwork), toys);
    const display = shown[Symbol.for('Jupyter.display')] as () => Record<string, string>;
    const frame = display()['text/html']!;
    const [, page = '', instead] =
      /^<iframe [^<>]*srcdoc="([^"<>]*)">([^<>]*)<\/iframe>$/.exec(frame) ?? [];
    assert.match(instead!, /appears once this cell is run/);
    const read = page.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    assert.match(read, /^<!doctype html>[\s\S]*<\/html>\s*$/);
  });

  it('is a sentence where θ is still the midpoint, and in a notebook that is graded', () => {
    const { w1, w2, theta } = threePoints(toyNetwork);
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    const told = (bend: StateDict) => {
      const shown = landscape(toyNetwork, { w1, w2, theta: bend }, toys);
      return (shown[Symbol.for('Jupyter.display')] as () => object)();
    };
    const noPlane = /^θ lies on the line through w₁ and w₂, so there is no plane .*; find the bend/;
    for (const bend of [middle, w1, linearCombination([3, -2], [w1, w2])]) {
      const { 'text/plain': said, ...rest } = told(bend) as { 'text/plain': string };
      assert.match(said, noPlane);
      assert.deepEqual(rest, {});
      assert.throws(
        () => pageOf(toyNetwork, { w1, w2, theta: bend }, toys, 40),
        /landscape: θ lies/,
      );
    }
    const diverged = linearCombination([Number.NaN], [theta]);
    assert.throws(() => told(diverged), /landscape: expected .* finite weights/);
    process.env.LAB_GRADING_SIZE = 'small';
    try {
      assert.deepEqual(Object.keys(told(theta)), ['text/plain']);
    } finally {
      delete process.env.LAB_GRADING_SIZE;
    }
  });

  it('refuses what the kernels cannot evaluate', () => {
    const { w1, w2, theta } = threePoints(toyNetwork);
    const wide = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 13 });
    assert.throws(
      () => pageOf(toyNetwork, { w1, w2, theta: initialize(wide, 1) }, toys, 40),
      /landscape: .*layers\.1/,
    );
    const floats = { ...toys.train, images: Float32Array.from(toys.train.images) };
    assert.throws(
      () => pageOf(toyNetwork, { w1, w2, theta }, { ...toys, train: floats }, 40),
      /landscape: expected a fully connected network .* grey images of bytes/,
    );
  });
});

describe('the address of a page', () => {
  const usual = { point: { a: 0.5, b: 0 }, bend: { a: 0.4, b: 1 }, set: 'train' } as const;
  const frame = { a: [-1, 2], b: [-3, 4] } as const;

  it('names the view, and gives it back', () => {
    const view = { point: { a: -0.25, b: 1.5 }, bend: { a: 1 / 3, b: -2 }, set: 'test' } as const;
    const address = addressOf(view);
    assert.equal(address, '#point=-0.25,1.5&bend=0.3333,-2&images=test');
    assert.deepEqual(viewOf(address, usual, frame), { ...view, bend: { a: 0.3333, b: -2 } });
  });

  it('is as usual where it says nothing, or nonsense', () => {
    for (const address of ['', '#', '#point=1', '#point=,&bend=a,b&images=all', '#point=1,2,3']) {
      assert.deepEqual(viewOf(address, usual, frame), usual, address);
    }
  });

  it('keeps a point and a bend within the picture, where they can be seen', () => {
    const { point, bend } = viewOf('#point=1e300,5&bend=-7,-1e9', usual, frame);
    assert.deepEqual(
      [point, bend],
      [
        { a: 2, b: 4 },
        { a: -1, b: -3 },
      ],
    );
  });
});

describe('the plane of a page', () => {
  // û = (4, 0), v̂ = (0, 2), and θ at a = ¼.
  const plane = planeThrough(
    Float32Array.of(0, 0, 1),
    Float32Array.of(1, 2, 1),
    Float32Array.of(4, 0, 1),
  );

  it('tells the foot of a point, and its distance', () => {
    assert.deepEqual(plane.footOf(Float32Array.of(2, 1, 4)), { a: 0.5, b: 0.5, distance: 3 });
  });

  it('has its three points exactly, and the chain in it', () => {
    assert.deepEqual(plane.weightsAt({ a: 0, b: 0 }), [1, 0, 0]);
    assert.deepEqual(plane.weightsAt(plane.theta), [0, 1, 0]);
    assert.deepEqual(plane.weightsAt({ a: 1, b: 0 }), [0, 0, 1]);
    for (const t of linspace(0, 1, 5)) {
      const right = t <= 0.5 ? [1 - 2 * t, 2 * t, 0] : [0, 2 - 2 * t, 2 * t - 1];
      assert.deepEqual(plane.weightsAt(onChain(plane.theta, t)), right);
    }
  });

  it('is framed so that a unit is as long across as up, with room around the points', () => {
    const { a, b } = frameOf(plane);
    assert.deepEqual([a[0], b[0] <= -0.15, b[1] >= 1.5], [-a[1] + 1, true, true]);
    const [across, up] = [(a[1] - a[0]) * plane.lengths.u, (b[1] - b[0]) * plane.lengths.v];
    assert.ok(Math.abs(across / up - 1.5) < 1e-12);
  });
});
