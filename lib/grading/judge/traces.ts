import { createHash } from 'node:crypto';
import { initialize } from '../../nn';
import { disposeStateDict } from '../../weights';
import { givenSeeds } from '../evidence/criteria/bars';
import { asNetwork } from '../evidence/criteria/networks';
import { readEvidence } from '../evidence/evidence';
import { pack } from '../evidence/pack';
import type { Message } from '../sandbox/runner/protocol';

/** What was trained for a criterion, and from where, as digests: enough to see that two are the same. */
export interface Trace {
  readonly id: string;
  readonly began: readonly string[];
  readonly ended: readonly string[];
  /** It began at none of the initialisations that the workbook's own seeds give. */
  readonly ownSeeds: boolean;
}

/** Claims that are trained, and those that they began at. */
const TRAINED: Readonly<Record<string, readonly [began: readonly string[], ended: string]>> = {
  'task-1-1-check': [['inits'], 'minima'],
  'task-3-2-minima-check': [['inits'], 'minima'],
  'task-2-2-check': [['w1', 'w2'], 'theta'],
  'task-3-2-bend-check': [['w1', 'w2'], 'theta'],
};
/** Nets of one claim that are looked at. */
const MOST_NETS = 4;
/** Of claims: more than any honest one has. */
const MOST_TEXT = 40e6;
/** Fewer different numbers than this may come about anywhere, as in a net of zeros. */
const LEAST_NUMBERS = 100;

/** The traces of what a notebook has trained, by its evidence; of what is damaged there are none. */
export function tracesIn(messages: readonly Message[]): Trace[] {
  return Object.keys(TRAINED).flatMap((id) => {
    const left = messages.find((one) => one.kind === 'evidence' && one.id === id && one.text);
    if (left?.kind !== 'evidence') return [];
    try {
      return traceOf(id, left.text!);
    } catch {
      return [];
    }
  });
}

function traceOf(id: string, text: string): Trace[] {
  const { claims: packed } = readEvidence(text);
  if (packed.length > MOST_TEXT) return [];
  const claims = JSON.parse(packed) as Readonly<Record<string, unknown>>;
  const [from, to] = TRAINED[id]!;
  const digests = (name: string) => [claims[name]].flat().slice(0, MOST_NETS).flatMap(digestOf);
  const began = from.flatMap(digests);
  // A training without a clone moves what it began at; then nobody knows where that was.
  const ended = digests(to).filter((one) => !began.includes(one));
  if (ended.length === 0) return [];
  const given = givenInits(id, claims.network);
  const isOwn = given !== undefined && !began.some((one) => given.includes(one));
  return [{ id, began, ended, ownSeeds: began.length > 0 && isOwn }];
}

/** Where the workbook's seeds begin with this network, if the criterion is about that. */
function givenInits(id: string, network: unknown): string[] | undefined {
  return givenSeeds[id]?.flatMap((seed) => {
    const init = initialize(asNetwork(network), seed);
    try {
      return digestOf(JSON.parse(pack(init)));
    } finally {
      disposeStateDict(init);
    }
  });
}

/** Of weights that are finite, and not a few numbers over and over; of anything else there is none. */
function digestOf(weights: unknown): string[] {
  const hash = createHash('sha256');
  const different = new Set<number>();
  const names = Object.entries((weights ?? {}) as Record<string, unknown>).sort();
  for (const [name, tensor] of names) {
    const { $tensor: shape, data } = (tensor ?? {}) as Record<string, unknown>;
    if (typeof data !== 'string') return [];
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
    const numbers = new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
    if (!numbers.every(Number.isFinite)) return [];
    for (const number of numbers.subarray(0, LEAST_NUMBERS)) different.add(number);
    hash.update(`${name} ${String(shape)} `).update(bytes);
  }
  return different.size < LEAST_NUMBERS ? [] : [hash.digest('hex').slice(0, 32)];
}
