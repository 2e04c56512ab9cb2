import assert from 'node:assert/strict';
import { linspace } from '../../lib/paths';
import {
  isPlotSpec,
  isVegaLite,
  pathPlot,
  planePlot,
  renderSvg,
  segmentAgainstChain,
} from '../../lib/plots';
import { textWidth } from '../../lib/plots/textWidth';
import { chain, gridOf, hump, lengths, low, path, points } from './samples';

const grid = gridOf(linspace(-0.5, 1.5, 9), linspace(-0.5, 1.5, 7), (a, b) => 0.01 + a * a + b * b);
const plane = planePlot(grid, { chain, points, lengths });

const size = (svg: string) => /width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1).map(Number);

describe('renderSvg', () => {
  it('gives every picture ids of its own, so that two stand on one page', async () => {
    const svgs = [await renderSvg(plane), await renderSvg(pathPlot({ hump }))];
    const ids = svgs.map((svg) => [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!));
    for (const [k, svg] of svgs.entries()) {
      const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!);
      assert.ok(used.length > 0);
      for (const id of used) assert.ok(ids[k]!.includes(id), `${id} is used and not defined`);
    }
    assert.deepEqual(
      ids[0]!.filter((id) => ids[1]!.includes(id)),
      [],
    );
  });

  it('gives the same plot the same SVG', async () => {
    const [first, second] = [await renderSvg(plane), await renderSvg(plane)];
    assert.ok(first === second);
  });

  it('has the description to the letter, whatever stands in it', async () => {
    const description = 'a $& b $$ c $` d $\' e $1 <"&"> __proto__';
    const svg = await renderSvg({ ...plane, description });
    const label = 'a $&#38; b $$ c $` d $&#39; e $1 &#60;&#34;&#38;&#34;&#62; __proto__';
    assert.ok(svg.includes(`aria-label="${label}"`));
    assert.equal(svg.match(/<svg /g)!.length, 1);
  });

  it('leaves out what only a pointer finds, and keeps it in the plot', async () => {
    const svg = await renderSvg(plane);
    // 63 cells would be 63 unseen rectangles.
    assert.doesNotMatch(svg, /transparent/);
    assert.match(JSON.stringify(plane), /"pointer targets"/);
  });

  it('is as large as the live plot: the marks for the pointer lie on what they stand for', async () => {
    const { compile } = await import('vega-lite');
    const { parse, View } = await import('vega');
    const ts = linspace(0, 1.5, 20);
    const many = path((t) => 0.1 + 3 * t * t, ts);
    for (const spec of [pathPlot({ many }), segmentAgainstChain(many, many), plane]) {
      const still = await renderSvg(spec);
      const vega = isVegaLite(spec) ? compile(spec as never).spec : structuredClone(spec);
      const live = await new View(parse(vega as never), { renderer: 'none' }).toSVG();
      assert.match(JSON.stringify(spec), /"pointer targets/);
      // Targets of 60 square pixels reach 4.4 pixels over the frame on either side.
      size(live).forEach((side, k) => {
        const over = side - size(still)[k]!;
        assert.ok(over >= 0 && over <= 9, `${over} pixels larger: ${spec.description}`);
      });
    }
  });

  it('needs nothing from the network and names only generic fonts', async () => {
    const svg = await renderSvg(plane);
    assert.doesNotMatch(svg.replaceAll(/xmlns(:xlink)?="[^"]+"/g, ''), /https?:|<script|<image/);
    const fonts = new Set([...svg.matchAll(/font-family="([^"]+)"/g)].map(([, font]) => font));
    assert.deepEqual([...fonts], ['sans-serif']);
  });

  it('stands on a white card, legible on a dark page', async () => {
    assert.match(await renderSvg(pathPlot({ low })), /<rect width="\d+" height="\d+" fill="white"/);
  });
});

describe('textWidth', () => {
  // Sums of the advance widths of DejaVu Sans 2.37, in hundredths of the font size, read from the
  // font with fontTools; the bold ones of DejaVu Sans Bold. Arial and Helvetica are narrower.
  const measured: [text: string, weight: string, width: number][] = [
    ['linear combination of minimum and random', 'normal', 2209.8],
    ['0.0001', 'normal', 349.9],
    ['a (in units of |û| = 12.3)', 'normal', 1200.6],
    ['WwMm', 'normal', 364.4],
    ['one colour above 20 (the clip; largest 34.9)', 'normal', 2171.1],
    ['train loss (nats)', 'bold', 899.1],
    ['Train loss on the plane', 'bold', 1290.8],
  ];
  for (const [text, fontWeight, width] of measured) {
    it(`does not fall short of '${text}', nor exceed it by a fifth`, () => {
      const estimate = textWidth({ text, fontSize: 100, fontWeight });
      assert.ok(estimate >= 0.97 * width && estimate <= 1.2 * width, `${estimate} for ${width}`);
    });
  }

  it('is never more than the limit at which Vega cuts the text', () => {
    assert.equal(textWidth({ text: 'minimum', fontSize: 100, limit: 50 }), 50);
  });
});

describe('plot specifications', () => {
  it('are told from other objects, and Vega-Lite from Vega', () => {
    const line = pathPlot({ hump });
    assert.ok(isPlotSpec(line) && isPlotSpec(plane));
    assert.deepEqual([isVegaLite(line), isVegaLite(plane)], [true, false]);
    for (const other of [null, undefined, 'x', {}, { $schema: 3 }, { $schema: 'http://a/b' }]) {
      assert.equal(isPlotSpec(other), false);
    }
  });

  it('are JSON, also after they were rendered', async () => {
    await renderSvg(plane);
    assert.deepEqual(JSON.parse(JSON.stringify(plane)), plane);
    assert.deepEqual(JSON.parse(JSON.stringify(pathPlot({ hump }))), pathPlot({ hump }));
  });
});
