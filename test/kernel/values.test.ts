import assert from 'node:assert/strict';
import { valueBundle } from '../../lib/kernel/values';
import { mimeBundle } from '../../lib/notebook/display';

/** One black pixel (ISO/IEC 15948). */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
const DISPLAY = Symbol.for('Jupyter.display');
const circular: { a: number; self?: unknown } = { a: 1 };
circular.self = circular;
const element = (outerHTML: string) => ({ outerHTML });

/** The lab's own way leaves to the kernel's what is not the lab's. */
for (const [name, bundleOf] of Object.entries({ valueBundle, mimeBundle })) {
  describe(`${name} shows`, () => {
    it('the bytes of pictures as pictures', async () => {
      const png = Buffer.from(PNG, 'base64');
      const aside = new Uint8Array([0, ...png]).subarray(1);
      for (const bytes of [png, new Uint8Array(png), aside]) {
        assert.deepEqual(await bundleOf(bytes), {
          'text/plain': `image/png, ${png.length} bytes`,
          'image/png': PNG,
        });
      }
      const begin: [mime: string, hex: string][] = [
        ['image/jpeg', 'ffd8ffe000104a464946'],
        ['image/gif', '4749463839610100'],
        ['image/webp', '524946460000000057454250'],
      ];
      for (const [mime, hex] of begin) {
        const bytes = Buffer.from(hex, 'hex');
        assert.equal((await bundleOf(bytes))[mime], bytes.toString('base64'));
      }
    });

    it('other bytes as bytes, long ones with their number', async () => {
      const signatureAlone = Buffer.from('89504e470d0a1a0a', 'hex');
      assert.deepEqual(await bundleOf(signatureAlone), {
        'text/plain': '<Buffer 89 50 4e 47 0d 0a 1a 0a>',
      });
      assert.deepEqual(await bundleOf(new Uint8Array([1, 2])), {
        'text/plain': 'Uint8Array(2) [ 1, 2 ]',
      });
      const { 'text/plain': long } = await bundleOf(new Float32Array(1000));
      assert.match(long, /^Float32Array\(1000\) \[\n[\s\S]*\n {2}\.\.\. 900 more items\n\]$/);
    });

    it('elements of pages as HTML and SVG', async () => {
      const [svg, table] = ['<svg width="1"></svg>', '<table></table>'];
      assert.equal((await bundleOf(element(svg)))['image/svg+xml'], svg);
      assert.equal((await bundleOf(element(table)))['text/html'], table);
      assert.deepEqual(Object.keys(await bundleOf({ outerHTML: 5 })), ['text/plain']);
    });

    // As Node prints them, deeper ones as Deno does.
    const printed: [value: unknown, text: string | RegExp][] = [
      [new Map([['a', new Set([1])]]), "Map(1) { 'a' => Set(1) { 1 } }"],
      [new Date(0), '1970-01-01T00:00:00.000Z'],
      [circular, '<ref *1> { a: 1, self: [Circular *1] }'],
      [{ a: { b: { c: { d: 1 } } } }, /d: 1/],
      [{ a: { b: { c: { d: { e: { f: 1 } } } } } }, /e: \[Object\]/],
      [
        {
          get bad() {
            throw new Error('a getter');
          },
        },
        '{ bad: [Getter] }',
      ],
      [new RangeError('far'), /^RangeError: far\n {4}at /],
      [Array.from({ length: 200 }, () => 0), /\.\.\. 100 more items\n\]$/],
      [
        new (class Point {
          x = 1;
          #y = 2;
          sum = () => this.#y;
        })(),
        'Point { x: 1, sum: [Function: sum] }',
      ],
      [Object.create(null), '[Object: null prototype] {}'],
      [{ text: '\x1b[31mred' }, "{ text: '\\x1B[31mred' }"],
      [123n, '123n'],
    ];
    for (const [value, text] of printed) {
      it(`as text: ${text}`, async () => {
        const told = (await bundleOf(value))['text/plain'];
        if (typeof text === 'string') assert.equal(told, text);
        else assert.match(told, text);
      });
    }

    it('what an object says of itself, bytes as base64', async () => {
      const shown = {
        [DISPLAY]: async () => ({
          'image/png': Buffer.from(PNG, 'base64'),
          'text/html': '<b>',
          'application/json': { a: [1] },
        }),
      };
      const { 'text/plain': _, ...rest } = await bundleOf(shown);
      assert.deepEqual(rest, {
        'image/png': PNG,
        'text/html': '<b>',
        'application/json': { a: [1] },
      });
    });

    const wrong: [about: string, says: () => unknown, told: RegExp][] = [
      [
        'a number',
        () => 5,
        /must return an object like \{ 'text\/html': '<b>a<\/b>' \}; it returned 5$/,
      ],
      ['nothing', () => undefined, /it returned undefined$/],
      ['a list', () => ['text/html'], /it returned \[ 'text\/html' \]$/],
      ['no MIME type', () => ({ html: '<b>' }), /"html" is no MIME type$/],
      ['HTML that is no text', () => ({ 'text/html': 5 }), /its text\/html is 5$/],
      [
        'JSON that is none',
        () => ({ 'application/json': () => 1 }),
        /its application\/json is \[Function/,
      ],
      ['JSON of itself', () => ({ 'application/json': circular }), /its application\/json is <ref/],
    ];
    for (const [about, says, told] of wrong) {
      it(`in one sentence that an object gave ${about}`, async () => {
        await assert.rejects(bundleOf({ [DISPLAY]: says }), (error: Error) => {
          assert.match(error.message, /^the value's Symbol\.for\('Jupyter\.display'\) method /);
          assert.match(error.message, told);
          return true;
        });
      });
    }

    it('why an object could not say it', async () => {
      const cause = new Error('no picture yet');
      const shown = {
        [DISPLAY]() {
          throw cause;
        },
      };
      await assert.rejects(bundleOf(shown), (error: Error) => {
        assert.match(error.message, /'Jupyter\.display'\) method failed: no picture yet$/);
        assert.equal(error.cause, cause);
        return true;
      });
    });

    it('what throws when it is printed', async () => {
      const custom = {
        [Symbol.for('nodejs.util.inspect.custom')]() {
          throw new Error('no');
        },
      };
      assert.deepEqual(await bundleOf(custom), {
        'text/plain': 'a value that cannot be printed: Error: no',
      });
    });
  });
}

describe('valueBundle shows', () => {
  it('a proxy whose every trap throws', async () => {
    const fail = () => {
      throw new Error('a trap');
    };
    const traps = { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail };
    assert.deepEqual(await valueBundle(new Proxy({ a: 1 }, traps)), { 'text/plain': '{ a: 1 }' });
  });

  it('a specification of Vega-Lite or Vega as a plot', async () => {
    for (const [kind, mime] of [
      ['vega-lite', 'application/vnd.vegalite.v5+json'],
      ['vega', 'application/vnd.vega.v5+json'],
    ] as const) {
      const spec = { $schema: `https://vega.github.io/schema/${kind}/v5.json` };
      assert.deepEqual((await valueBundle(spec))[mime], spec);
    }
    assert.deepEqual(Object.keys(await valueBundle({ $schema: 'other' })), ['text/plain']);
  });
});
