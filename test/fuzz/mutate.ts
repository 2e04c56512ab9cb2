import type { Generator } from '../../lib/random';

const pick = <T>(random: Generator, list: readonly T[]): T => list[random.integer(list.length)]!;

const EDGES = [0, 1, 0x7f, 0x80, 0xff];

/** Bytes with one to four changes: bits, bytes and sizes, parts cut out, doubled or moved. */
export function mutatedBytes(random: Generator, bytes: Uint8Array): Buffer {
  let changed = Buffer.from(bytes);
  for (let changes = 1 + random.integer(4); changes > 0; changes--) {
    const at = random.integer(changed.length + 1);
    const length = random.integer(pick(random, [2, 9, changed.length + 1]));
    const part = changed.subarray(at, at + length);
    switch (random.integer(6)) {
      case 0:
        if (at < changed.length) changed[at]! ^= 1 << random.integer(8);
        break;
      case 1:
        changed.fill(pick(random, EDGES), at, Math.min(at + 1 + random.integer(8), changed.length));
        break;
      case 2:
        changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)]);
        break;
      case 3:
        changed = Buffer.concat([changed.subarray(0, at), part, changed.subarray(at)]);
        break;
      case 4:
        changed = changed.subarray(0, at);
        break;
      default:
        changed = Buffer.concat([
          changed.subarray(0, at),
          Buffer.from(word(random)),
          changed.subarray(at),
        ]);
    }
    changed = Buffer.from(changed);
  }
  return changed;
}

/** What parsers trip over, where it is text. */
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\ud800',
  '\u0000',
  'null',
  '1e999',
  '-0',
  '--',
  '.',
  '$',
  '<',
  '\ufeff',
];
const word = (random: Generator) => pick(random, WORDS);

/** Values of each type and at its edges. */
const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    '',
    'NaN',
    'a',
    '\ud800',
    '__proto__',
    'x'.repeat(300),
  ],
  ...[[], {}, [null], [[]], { length: 1e9 }, { __proto__: null, constructor: 1 }],
];

/** JSON with one to three values, names or items of it replaced, taken out, doubled or nested. */
export function mutatedJson(random: Generator, value: unknown): unknown {
  const root = { root: structuredClone(value) };
  for (let changes = 1 + random.integer(3); changes > 0; changes--) {
    const holders = objectsIn(root);
    const holder = pick(random, holders) as Record<string, unknown>;
    const name = pick(random, Object.keys(holder));
    if (name === undefined) continue;
    // Of its own, as it may be changed in turn.
    const other = structuredClone(pick(random, VALUES));
    switch (random.integer(6)) {
      case 0:
        if (holder === root) break;
        if (Array.isArray(holder)) holder.splice(Number(name), 1);
        else delete holder[name];
        break;
      case 1:
        holder[name] = [holder[name]];
        break;
      case 2:
        holder[name] = nested(holder[name], 2 + random.integer(200));
        break;
      case 3:
        addTo(holder, pick(random, Object.keys(pick(random, holders)).concat('extra')), other);
        break;
      default:
        holder[name] = other;
    }
  }
  return root.root;
}

function addTo(holder: Record<string, unknown>, name: string, value: unknown): void {
  // A list's own length takes no other value.
  if (!(Array.isArray(holder) && name === 'length')) holder[name] = value;
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function nested(value: unknown, depth: number): unknown {
  return depth === 0 ? value : [nested(value, depth - 1)];
}
