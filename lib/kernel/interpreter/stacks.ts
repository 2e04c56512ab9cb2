import { withoutScope } from './caught';
import type { Script } from './lines';

/** A line of a stack. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The stacks as V8 tells them, with the places in the compiled code. */
const compiled = new WeakMap<Error, string>();

/**
 * Has every stack that is printed tell a cell's own lines: `at f (In [3]:2)`, without what lies
 * below the cells. `framesOf` goes on to tell the places in the compiled code.
 *
 * @param scripts the compiled cells by the name their code has in a stack
 */
export function tellCellsInStacks(scripts: ReadonlyMap<string, Script>): void {
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.map((site) => `    at ${site}`);
    const head = headOf(error);
    compiled.set(error, [head, ...lines].join('\n'));
    const frames = lines.map(parseFrame);
    const outermost = frames.findLastIndex((frame) => frame && scripts.has(frame.file));
    const shown = lines.slice(0, outermost < 0 ? lines.length : outermost + 1);
    return [head, ...shown.map((line, i) => cellLine(frames[i], scripts) ?? line)].join('\n');
  };
}

function headOf(error: Error): string {
  try {
    // Not its own toString: what console.trace makes is no Error.
    return withoutScope(Error.prototype.toString.call(error));
  } catch {
    return 'Error';
  }
}

function cellLine(
  frame: Frame | undefined,
  scripts: ReadonlyMap<string, Script>,
): string | undefined {
  const script = frame && scripts.get(frame.file);
  if (!frame || !script) return undefined;
  const line = script.line(frame.line, frame.column);
  const place = line === undefined ? script.label : `${script.label}:${line}`;
  return frame.name === '' ? `    at ${place}` : `    at ${frame.name} (${place})`;
}

/** The lines of an error's stack, the innermost first. */
export function framesOf(error: Error): Frame[] {
  const { stack } = error;
  return (compiled.get(error) ?? stack ?? '').split('\n').flatMap((line) => parseFrame(line) ?? []);
}

function parseFrame(text: string): Frame | undefined {
  const match = /^\s+at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(text);
  if (!match) return undefined;
  const [, name = '', file = '', line, column] = match;
  // The function that a cell is has no name; a function of the scope is no method of it.
  const short = name.replace(/^async /, '').replace(/^(Object\.|eval$|<anonymous>$)/, '');
  return {
    name: short,
    file: file.replace(/^async /, ''),
    line: Number(line),
    column: Number(column),
  };
}
