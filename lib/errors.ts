/**
 * The one error class for input that a person can mend: its message is a single clear sentence
 * (what, expected, got, remedy), so a command prints the message alone and a notebook shows no
 * internals. Everything else that is thrown is a bug and keeps its stack.
 */
export class InputError extends Error {
  override name = 'InputError';
}

/** What the stub in a student's copy throws. */
export const NOT_ANSWERED = 'not answered yet';

/** What stands for an answer in words there; the same in nbgrader's settings. */
export const TEXT_STUB = '*Your answer.*';

/** Throws `InputError` unless `value` is an integer of at least `least`. */
export function requireInteger(where: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InputError(`${where}: ${name} must be an integer of at least ${least}, got ${value}`);
  }
}

/** Throws `InputError` unless `value` is a finite number. */
export function requireFinite(where: string, name: string, value: number): void {
  if (!Number.isFinite(value)) {
    throw new InputError(`${where}: ${name} must be a finite number, got ${value}`);
  }
}

/** Throws `InputError` on a field that nobody reads; it lists those that are. */
export function requireKnown(where: string, what: string, given: object, names: readonly string[]) {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new InputError(
    `${where}: there is no ${what} '${unknown}'; the ${what}s are ${names.join(', ')}`,
  );
}

/**
 * Throws `InputError` on an option under another library's name, which would be ignored; `names` says
 * what each is called here. Other fields may be there, so that settings of a caller's own can be given
 * as they are.
 */
export function refuseForeign(
  where: string,
  given: object,
  names: Readonly<Record<string, string>>,
) {
  const foreign = Object.keys(given).find((name) => Object.hasOwn(names, name));
  if (foreign === undefined) return;
  throw new InputError(`${where}: the option ${foreign} is called ${names[foreign]} here`);
}
