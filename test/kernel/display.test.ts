import assert from 'node:assert/strict';
import type { Client } from './client';
import { resultOf, startKeeping } from './kept';

describe('what cells show, on the wire', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKeeping();
  });
  after(() => kernel.close());

  describe('what cells show', () => {
    it('shows frames as tables, plots as pictures, tensors in short', async () => {
      await kernel.run(
        'import "pathlab";\nimport * as tf from "@tensorflow/tfjs";\nimport * as dfd from "danfojs-node";',
      );
      const long = 'new dfd.DataFrame({ n: Array.from({ length: 500 }, (_, i) => i) })';
      const frame = resultOf(await kernel.run(long));
      assert.match(String(frame?.['text/html']), /<table>[\s\S]*499[\s\S]*500 rows/);
      assert.ok(String(frame?.['text/html']).length < 20_000);
      const series = resultOf(await kernel.run('new dfd.Series([1, 2])'));
      assert.match(String(series?.['text/html']), /<table>[\s\S]*2 rows/);
      const spec =
        '({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", ' +
        'data: { values: [{ a: 1 }] }, mark: "point", encoding: { x: { field: "a", type: "quantitative" } } })';
      const plot = resultOf(await kernel.run(spec));
      assert.ok(plot && 'application/vnd.vegalite.v5+json' in plot);
      assert.match(String(plot['image/svg+xml']), /^<svg/);
      const tensor = resultOf(await kernel.run('tf.tensor2d([[1, 2], [3, 4]])'));
      assert.equal(tensor?.['text/plain'], 'tensor float32 [2, 2]\n    [[1, 2],\n     [3, 4]]');
      const dict = resultOf(await kernel.run('({ w: tf.zeros([64, 784]) })'));
      assert.equal(dict?.['text/plain'], '{ w: tensor float32 [64, 784] }');
    });

    it('shows an object as it asks to be shown', async () => {
      const ran = await kernel.run(
        '({ [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": "*a*" }) })',
      );
      assert.equal(resultOf(ran)?.['text/markdown'], '*a*');
    });

    it('displays, updates in place and clears', async () => {
      const ran = await kernel.run(
        'import { clearOutput, display, liveDisplay } from "pathlab";\n' +
          'const live = liveDisplay(); await live.show("a"); await live.show("b");\n' +
          'clearOutput({ wait: true }); await display("c");',
      );
      const [, display, update, clear, last, ...none] = ran.outputs;
      assert.deepEqual([last?.type, none], ['display_data', []]);
      assert.deepEqual(
        [display?.type, update?.type, clear?.type],
        ['display_data', 'update_display_data', 'clear_output'],
      );
      const transient = display?.content.transient as { display_id: string };
      assert.ok(transient.display_id);
      assert.deepEqual(update?.content.transient, transient);
      assert.deepEqual(clear?.content, { wait: true });
    });

    it("serves tslab's own display", async () => {
      const ran = await kernel.run('import * as tslab from "tslab";\ntslab.display.html("<b>")');
      assert.deepEqual(ran.outputs.find(({ type }) => type === 'display_data')?.content.data, {
        'text/html': '<b>',
      });
    });

    it("shows by tslab's display what it is told, as tslab does", async () => {
      // The MIME types of tslab's documentation; bytes as base64: [1, 2] is AQI=.
      const shown: [call: string, data: object][] = [
        ["display.html('<b>')", { 'text/html': '<b>' }],
        ["display.svg('<svg/>')", { 'image/svg+xml': '<svg/>' }],
        ["display.markdown('*a*')", { 'text/markdown': '*a*' }],
        ["display.latex('$x$')", { 'text/latex': '$x$' }],
        ["display.javascript('1')", { 'text/javascript': '1' }],
        ["display.text('a')", { 'text/plain': 'a' }],
        ['display.png(new Uint8Array([1, 2]))', { 'image/png': 'AQI=' }],
        ['display.jpeg(Buffer.from([1, 2]))', { 'image/jpeg': 'AQI=' }],
        ['display.gif(new Uint8Array([1, 2]))', { 'image/gif': 'AQI=' }],
        ['display.pdf(new Uint8Array([1, 2]))', { 'application/pdf': 'AQI=' }],
        ["display.raw('a/b', 'c')", { 'a/b': 'c' }],
      ];
      const calls = shown.map(([call]) => call).join('\n');
      const { outputs } = await kernel.run(
        `import { display, newDisplay } from "tslab";\n${calls}`,
      );
      assert.deepEqual(
        outputs.flatMap(({ content }) => content.data ?? []),
        shown.map(([, data]) => data),
      );
      const { outputs: live } = await kernel.run(
        "const place = newDisplay(); place.text('a'); place.text('b')",
      );
      assert.deepEqual(
        live.map(({ type }) => type).filter((type) => type.endsWith('display_data')),
        ['display_data', 'update_display_data'],
      );
    });
  });
});
