import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import {
  historyPlot,
  type PlotSpec,
  pathPlot,
  renderSvg,
  segmentAgainstChain,
} from '../../lib/plots';
import { quietly } from './quietly';
import { history, hump, low, path } from './samples';
import { matchSnapshot } from './snapshot';

const modes = { linear_combination_of_two_minima: hump, '1-bend_chain': low };
const specs: Record<string, PlotSpec> = {
  history: historyPlot({ 'minimum 1': history(4, true), 'minimum 2': history(3, false) }),
  'path-one-mode': pathPlot({ linear_combination_of_two_minima: hump }),
  'path-two-modes': pathPlot(modes, { title: 'Both', description: 'Both paths.' }),
  'segment-against-chain': segmentAgainstChain(hump, low),
};

interface Panel {
  readonly layer: readonly {
    readonly encoding: {
      readonly y?: { readonly scale: { readonly type?: string; readonly domain: number[] } };
      readonly color?: { readonly scale: { readonly domain: string[]; readonly range: string[] } };
    };
  }[];
}

const encodings = (spec: PlotSpec) =>
  (spec.hconcat as Panel[]).flatMap(({ layer }) => layer.map(({ encoding }) => encoding));

const colourOf = (spec: PlotSpec, name: string) => {
  const scale = encodings(spec).find(({ color }) => color)!.color!.scale;
  return scale.range[scale.domain.indexOf(name)];
};

const subtitle = (spec: PlotSpec) =>
  ((spec.title as { subtitle?: string[] }).subtitle ?? []).join('\n');

const values = (spec: PlotSpec) =>
  (spec.data as { values: { name: string; set: string; x: number; loss: number | null }[] }).values;

describe('line plots', () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`${name} is as it was`, () => matchSnapshot(name, spec));

    it(`${name} renders without a warning`, async () => {
      const svg = await quietly(() => renderSvg(spec));
      assert.match(svg, /^<svg role="img" aria-label="[^"]+"/);
      assert.match(svg, />accuracy<\/text>/);
    });
  }

  it('hold every figure of train and test', () => {
    const shown = values(specs['path-one-mode']!);
    assert.deepEqual(
      shown.filter(({ set }) => set === 'train').map(({ x, loss }) => [x, loss]),
      hump.ts.map((t, i) => [t, Number(hump.trainLoss[i]!.toPrecision(6))]),
    );
    assert.equal(shown.filter(({ set }) => set === 'test').length, hump.ts.length);
  });

  it('give a mode of the lab the same colour in every plot', () => {
    const chainColours = [
      pathPlot({ '1-bend_chain': low }),
      pathPlot({ other: hump, '1-bend_chain': low }),
      segmentAgainstChain(hump, low),
    ].map((spec) => colourOf(spec, '1-bend chain'));
    assert.equal(new Set(chainColours).size, 1);
    assert.match(chainColours[0]!, /^#/);
  });

  it('give two modes two colours', () => {
    const names = ['a', '1-bend_chain', 'b', 'c', 'linear_combination_of_two_minima'];
    const spec = pathPlot(Object.fromEntries(names.map((name) => [name, low])));
    const { range } = encodings(spec).find(({ color }) => color)!.color!.scale;
    assert.equal(new Set(range).size, names.length);
  });

  it('say the largest train loss on [0, 1], and not what lies past 1', () => {
    const rising = path((t) => t);
    assert.match(specs['segment-against-chain']!.description!, /two minima 1.5 at t = 0.5/);
    assert.match(pathPlot({ rising }).description!, /rising 1 at t = 1\.$/);
  });

  it('draw a training without test figures as train alone', () => {
    const sets = values(historyPlot({ run: history(3, false) })).map(({ set }) => set);
    assert.deepEqual(sets, ['train', 'train', 'train']);
  });
});

describe('line plots of odd input', () => {
  const odd: Record<string, PlotSpec> = {
    'one t': pathPlot({ x: path(() => 1, [0.5]) }),
    'one epoch': historyPlot({ run: history(1, true) }),
    'a constant': pathPlot({ x: path(() => 0) }),
    'NaN and ∞': pathPlot({ x: { ...hump, trainLoss: [0, Number.NaN, 1, Infinity, 2] } }),
    'nothing finite': segmentAgainstChain(
      path(() => Number.NaN),
      path(() => Infinity),
    ),
    'losses of 0 on the log axis': segmentAgainstChain(
      path(() => 0),
      path(() => -1),
    ),
    'losses eleven decades apart': segmentAgainstChain(
      path((t) => 10 ** (-9 + 2 * t)),
      path(() => 90),
    ),
    'a name that is markup': pathPlot({ '<b>"&': hump }, { description: '<i>"&' }),
  };
  for (const [name, spec] of Object.entries(odd)) {
    it(`${name}: renders without a warning or NaN`, async () => {
      const svg = await quietly(() => renderSvg(spec));
      assert.doesNotMatch(svg.replace(/aria-label="[^"]*"/g, ''), /NaN|Infinity|undefined/);
    });
  }

  it('counts what it leaves out', () => {
    // Two losses, and the accuracies stay finite.
    assert.match(subtitle(odd['NaN and ∞']!), /left out: 2 of 20 values that are not finite/);
    // Train loss 0 at all five t of both paths; test loss is 0.1 and −0.9.
    assert.match(subtitle(odd['losses of 0 on the log axis']!), /left out: 15 of 40 values/);
    assert.equal(subtitle(pathPlot({ hump })), '');
  });

  it('keeps a gap where a value is missing', () => {
    const losses = values(odd['NaN and ∞']!).map(({ loss }) => loss);
    assert.deepEqual(losses.slice(0, 5), [0, null, 1, null, 2]);
  });

  it('escapes names and descriptions in the SVG', async () => {
    const svg = await renderSvg(odd['a name that is markup']!);
    assert.match(svg, /aria-label="&#60;i&#62;&#34;&#38;"/);
    assert.doesNotMatch(svg, /<b>|<i>/);
  });

  it('refuses what is no path and no history', () => {
    const fails = (act: () => unknown, message: RegExp) =>
      assert.throws(act, (error) => error instanceof InputError && message.test(error.message));
    fails(() => pathPlot({}), /pathPlot: no figures/);
    fails(() => pathPlot({ empty: path(() => 1, []) }), /'empty' needs at least one t.*got 0 ts/);
    fails(
      () => segmentAgainstChain(hump, { ...low, testAcc: [1] }),
      /segmentAgainstChain: '1-bend_chain'.*got 5 ts and 5 trainLoss.*1 testAcc/,
    );
    fails(() => pathPlot({ x: { ...hump, ts: [0, Number.NaN, 1, 2, 3] } }), /finite number/);
    fails(() => historyPlot({}), /no history/);
    fails(() => historyPlot({ run: [] }), /'run' has no epoch/);
  });
});
