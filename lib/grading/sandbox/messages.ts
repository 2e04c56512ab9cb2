import { type Message, OCCASIONS } from './runner/protocol';

/** Characters and number of pictures and tables that are kept of a notebook; characters of a message. */
const MOST_SHOWN = 20e6;
const MOST_PICTURES = 500;
const MOST_TOLD = 500;

/** What the cells of a notebook have said and shown, by their ids. */
export interface Shown {
  readonly errors: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

/** A line from the sandbox, if it is a message; whatever else it may be is passed over. */
export function readMessage(line: string): Message[] {
  let message: Partial<Record<string, unknown>> | null;
  try {
    message = JSON.parse(line) as typeof message;
  } catch {
    return [];
  }
  if (typeof message !== 'object' || message === null) return [];
  const { kind, id, error, text, html } = message;
  if (typeof id !== 'string') return [];
  if (error !== undefined && typeof error !== 'string') return [];
  if (kind === 'cell') return [message as Message];
  const occasioned = OCCASIONS.some((one) => one === message.occasion);
  if (kind === 'ask' && occasioned) return [message as Message];
  if (kind === 'evidence' && occasioned && (text === undefined || typeof text === 'string')) {
    return [message as Message];
  }
  return kind === 'output' && typeof html === 'string' ? [message as Message] : [];
}

/** Errors and pictures of the cells, as far as they are of this notebook and not without measure. */
export function shownBy(messages: readonly Message[], ids: ReadonlySet<string>): Shown {
  const errors = new Map<string, string>();
  const outputs = new Map<string, string[]>();
  let [length, pictures] = [0, 0];
  for (const message of messages.filter(({ id }) => ids.has(id))) {
    if (message.kind === 'cell') {
      // The last one counts, of a cell that is carried out again.
      errors.delete(message.id);
      if (message.error !== undefined) errors.set(message.id, shortened(message.error));
    }
    if (message.kind !== 'output') continue;
    length += message.html.length;
    if (length > MOST_SHOWN || ++pictures > MOST_PICTURES) continue;
    const shown = outputs.get(message.id) ?? [];
    shown.push(message.html);
    outputs.set(message.id, shown);
  }
  return { errors: Object.fromEntries(errors), outputs: Object.fromEntries(outputs) };
}

/** What a student's code says may be of any length. */
export function shortened(text: string): string {
  return text.length <= MOST_TOLD ? text : `${text.slice(0, MOST_TOLD)} …`;
}
