import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * Messages of the Jupyter protocol as they cross a zeromq socket: routing identities, a delimiter,
 * an HMAC-SHA256 signature, then header, parent header, metadata and content as JSON, then any
 * number of binary buffers, which are not signed.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */

/** The version of the protocol that the kernel speaks. */
export const PROTOCOL_VERSION = '5.4';

/** The part of a header that the kernel reads; all of it goes back as the parent of an answer. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
}

/** What a message carries besides its content. */
export interface Extras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Binary data; the content says what it is. */
  readonly buffers?: readonly Buffer[];
}

/** A message from a front end. */
export interface Message extends Required<Extras> {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = '<IDS|MSG>';
const session = randomUUID();

/** Reads a message; undefined if it is malformed or not signed with `key`. */
export function decode(key: string, frames: readonly Buffer[]): Message | undefined {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const parts = frames.slice(at + 2, at + 6);
  if (at < 0 || parts.length < 4) return undefined;
  const signature = Buffer.from(sign(key, parts));
  const got = frames[at + 1]!;
  if (got.length !== signature.length || !timingSafeEqual(got, signature)) return undefined;
  try {
    const [header, , metadata, content] = parts.map((part) => JSON.parse(part.toString()));
    if (![header, metadata, content].every(isObject) || !isText(header.msg_type)) return undefined;
    return {
      identities: frames.slice(0, at),
      header,
      metadata,
      content,
      buffers: frames.slice(at + 6),
    };
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const isText = (value: unknown) => typeof value === 'string';

/** The frames of a message to `identities` (or under a topic) that belongs to `parent`. */
export function encode(
  key: string,
  identities: readonly (string | Buffer)[],
  type: string,
  content: object,
  parent: Header | undefined,
  { metadata = {}, buffers = [] }: Extras = {},
): (string | Buffer)[] {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
  const parts = [header, parent ?? {}, metadata, content].map((part) => JSON.stringify(part));
  return [...identities, DELIMITER, sign(key, parts), ...parts, ...buffers];
}

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
