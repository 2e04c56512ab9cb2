import { createHmac, randomUUID } from 'node:crypto';

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
}

export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = '<IDS|MSG>';
const session = randomUUID();

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** Reads a message, or nothing if it is malformed or its signature is not of this key. */
export function decode(key: string, frames: readonly Buffer[]): Message | undefined {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const parts = frames.slice(at + 2, at + 6);
  if (at < 0 || parts.length < 4 || frames[at + 1]!.toString() !== sign(key, parts)) return;
  return {
    identities: frames.slice(0, at),
    header: JSON.parse(parts[0]!.toString()),
    content: JSON.parse(parts[3]!.toString()),
  };
}

/** The frames of a message that belongs to `parent`. */
export function encode(
  key: string,
  prefix: readonly (string | Buffer)[],
  type: string,
  content: object,
  parent: Header | undefined,
): (string | Buffer)[] {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: '5.3',
  };
  const parts = [header, parent ?? {}, {}, content].map((part) => JSON.stringify(part));
  return [...prefix, DELIMITER, sign(key, parts), ...parts];
}
