import { inspect, types } from 'node:util';
import type { MimeBundle } from './kernel';

const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/** Objects are printed to this depth, as Deno does. */
const DEPTH = 4;

/**
 * A value in every format it can be shown in: as its `Symbol.for('Jupyter.display')` method says; the
 * bytes of a picture as that picture; an element of a page as HTML or SVG; a specification of Vega or
 * Vega-Lite as its plot; anything else as text.
 *
 * @throws TypeError when the method gives no MIME bundle
 */
export async function valueBundle(value: unknown): Promise<MimeBundle> {
  if (typeof value !== 'object' || value === null) return { 'text/plain': printed(value) };
  const own = property(value, JUPYTER_DISPLAY);
  if (typeof own === 'function') {
    return { 'text/plain': printed(value), ...(await ownBundle(() => own.call(value))) };
  }
  if (types.isProxy(value)) return { 'text/plain': printed(value) };
  const formats = pictureOf(value) ?? elementOf(value) ?? plotOf(value);
  return { 'text/plain': printed(value), ...formats };
}

/** A value as text. */
function printed(value: unknown): string {
  try {
    return inspect(value, { depth: DEPTH });
  } catch (error) {
    return `a value that cannot be printed: ${error}`;
  }
}

/** A property; undefined also where a proxy or a getter throws. */
function property(value: object, name: string | symbol): unknown {
  try {
    return (value as Record<string | symbol, unknown>)[name];
  } catch {
    return undefined;
  }
}

type Formats = Readonly<Record<string, unknown>>;

async function ownBundle(ask: () => unknown): Promise<Formats> {
  const method = "Symbol.for('Jupyter.display')";
  let bundle: unknown;
  try {
    bundle = await ask();
  } catch (error) {
    const message = error instanceof Error ? error.message : printed(error);
    throw new Error(`the value's ${method} method failed: ${message}`, { cause: error });
  }
  const wanted = `the value's ${method} method must return an object like { 'text/html': '<b>a</b>' }`;
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(`${wanted}; it returned ${printed(bundle)}`);
  }
  const formats = Object.entries(bundle).map(([mime, data]) => {
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(mime)) {
      throw new TypeError(`${wanted}; ${JSON.stringify(mime)} is no MIME type`);
    }
    const told = data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data;
    if (!fits(mime, told)) {
      throw new TypeError(`${wanted}; its ${mime} is ${printed(data).slice(0, 100)}`);
    }
    return [mime, told] as const;
  });
  return Object.fromEntries(formats);
}

/** Whether something can be of a MIME type: JSON of the types of JSON, a text of all others. */
function fits(mime: string, data: unknown): boolean {
  if (typeof data === 'string') return true;
  if (!/[/+]json$/.test(mime)) return false;
  try {
    return JSON.stringify(data) !== undefined;
  } catch {
    return false;
  }
}

/** How the bytes of pictures begin, as hexadecimals, where JupyterLab shows them. */
const PICTURES: readonly (readonly [mime: string, begin: RegExp])[] = [
  // The signature, and the chunk that must come first.
  ['image/png', /^89504e470d0a1a0a.{8}49484452/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^474946383[79]61/],
  ['image/webp', /^52494646.{8}57454250/],
];

function pictureOf(value: object): Formats | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const begin = bytes.toString('hex', 0, 16);
  const mime = PICTURES.find(([, form]) => form.test(begin))?.[0];
  if (mime === undefined) return undefined;
  return { 'text/plain': `${mime}, ${bytes.length} bytes`, [mime]: bytes.toString('base64') };
}

/** An element of jsdom, linkedom and the like. */
function elementOf(value: object): Formats | undefined {
  const html = property(value, 'outerHTML');
  if (typeof html !== 'string') return undefined;
  return { 'text/plain': html, [/^<svg[\s>]/.test(html) ? 'image/svg+xml' : 'text/html']: html };
}

/** JupyterLab 4 shows Vega 5 and Vega-Lite 5, and nothing newer. */
function plotOf(value: object): Formats | undefined {
  const schema = property(value, '$schema');
  const kind = /\/schema\/(vega|vega-lite)\//.exec(String(schema))?.[1]?.replace('-', '');
  return kind === undefined ? undefined : { [`application/vnd.${kind}.v5+json`]: value };
}
