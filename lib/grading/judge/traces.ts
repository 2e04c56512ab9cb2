import { createHash } from 'node:crypto';
import { initialize } from '../../nn';
import { disposeStateDict } from '../../weights';
import { givenSeeds } from '../evidence/criteria/bars';
import { asNetwork } from '../evidence/criteria/networks';
import { readEvidence } from '../evidence/evidence';
import { pack } from '../evidence/pack';
import type { Message } from '../sandbox/runner/protocol';

/** What a net was trained to for a criterion, and from where, as digests: enough to see that two are the same. */
export interface Trace {
  readonly id: string;
  /** Where its training began, then where those began that were trained with it; nothing if nobody knows. */
  readonly began: readonly string[];
  /** Its weights. */
  readonly ended: readonly string[];
  /** It began at none of the initialisations that the workbook's own seeds give. */
  readonly ownSeeds: boolean;
}

/** Claims that are trained, and those that they began at: each at one of a list, or one between two ends. */
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
  const digests = (name: string) => [claims[name]].flat().slice(0, MOST_NETS).map(digestOf);
  const starts = from.flatMap(digests);
  const places = from.length === 1 ? starts : [together(starts)];
  const given = givenInits(id, claims.network);
  return digests(to).flatMap((ended, k) => {
    // A training without a clone moves what it began at; then nobody knows where that was.
    if (ended === undefined || starts.includes(ended)) return [];
    const own = places[k];
    const others = places.filter((one) => one !== undefined && one !== own) as string[];
    const began = own === undefined ? [] : [own, ...others];
    const ownSeeds = own !== undefined && given !== undefined && !given.includes(own);
    return [{ id, began, ended: [ended], ownSeeds }];
  });
}

/** The ends of a path as one place, whichever stands first. */
function together(ends: readonly (string | undefined)[]): string | undefined {
  return ends.includes(undefined) ? undefined : [...ends].sort().join(' ');
}

/** Where the workbook's seeds begin with this network, if the criterion is about that. */
function givenInits(id: string, network: unknown): string[] | undefined {
  return givenSeeds[id]?.flatMap((seed) => {
    const init = initialize(asNetwork(network), seed);
    try {
      return digestOf(JSON.parse(pack(init))) ?? [];
    } finally {
      disposeStateDict(init);
    }
  });
}

/** Of weights that are finite, and not a few numbers over and over; of anything else there is none. */
function digestOf(weights: unknown): string | undefined {
  const hash = createHash('sha256');
  const different = new Set<number>();
  const names = Object.entries((weights ?? {}) as Record<string, unknown>).sort();
  for (const [name, tensor] of names) {
    const { $tensor: shape, data } = (tensor ?? {}) as Record<string, unknown>;
    if (typeof data !== 'string') return undefined;
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
    const numbers = new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
    if (!numbers.every(Number.isFinite)) return undefined;
    for (const number of numbers.subarray(0, LEAST_NUMBERS)) different.add(number);
    hash.update(`${name} ${String(shape)} `).update(bytes);
  }
  return different.size < LEAST_NUMBERS ? undefined : hash.digest('hex').slice(0, 32);
}
