import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { dim, excerptOf, green, red } from '../excerpt';
import type { Failure } from '../messages';
import { withoutScope } from './caught';
import type { Script } from './lines';
import { type Frame, framesOf } from './stacks';

/** Frames of a cell that are shown with their lines. */
const MOST_FRAMES = 8;
const MOST_CAUSES = 3;

/**
 * Tells of something thrown: its name and message, then the lines of the cells it came through,
 * the innermost first, with lib's frames between them in short.
 *
 * @param scripts the compiled cells by the name their code has in a stack
 * @param brief messages of errors that are told in one line
 */
export function describe(
  error: unknown,
  scripts: ReadonlyMap<string, Script>,
  brief: readonly string[] = [],
): Failure {
  const ename = error instanceof Error ? error.name : 'Error';
  const evalue = error instanceof Error ? messageOf(error) : `thrown: ${inspect(error)}`;
  const isBrief = error instanceof Error && brief.includes(error.message);
  const traceback = isBrief ? [`${error.message}${placeOf(error, scripts)}`] : tell(error, scripts);
  return { ename, evalue, traceback };
}

const messageOf = ({ message }: Error): string => withoutScope(String(message));

function tell(error: unknown, scripts: ReadonlyMap<string, Script>, depth = 0): string[] {
  if (!(error instanceof Error)) return [`${red('Error')}: thrown: ${inspect(error)}`];
  const causes: unknown[] =
    error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause];
  return [
    `${red(error.name)}: ${messageOf(error)}`,
    ...throughCells(error, scripts),
    ...(depth < MOST_CAUSES ? causes : []).flatMap((cause) => [
      '',
      'caused by',
      ...tell(cause, scripts, depth + 1),
    ]),
  ];
}

/** The cell's line that threw, in a few words. */
function placeOf(error: Error, scripts: ReadonlyMap<string, Script>): string {
  for (const frame of framesOf(error)) {
    const script = scripts.get(frame.file);
    const at = script?.line(frame.line, frame.column);
    if (script && at !== undefined) return `: ${script.label}, line ${at}${functionOf(frame)}`;
  }
  return '';
}

function throughCells(error: Error, scripts: ReadonlyMap<string, Script>): string[] {
  const frames = framesOf(error);
  const outermost = frames.findLastIndex(({ file }) => scripts.has(file));
  return (
    frames
      .slice(0, outermost + 1)
      .flatMap((frame) => {
        const script = scripts.get(frame.file);
        return script ? excerpt(script, frame) : libraryFrame(frame);
      })
      // A recursion's calls are all at one line.
      .filter((told, i, all) => told !== all[i - 1])
      .slice(0, MOST_FRAMES)
  );
}

function excerpt(script: Script, frame: Frame): string[] {
  const at = script.line(frame.line, frame.column);
  if (at === undefined) return [];
  const place = `${green(script.label)}, line ${at}${functionOf(frame)}`;
  return [`${place}\n${excerptOf(script.source, at)}`];
}

function functionOf({ name }: Frame): string {
  return name === '' ? '' : `, in ${name}`;
}

/**
 * A frame in a package of one's own, one that is linked and not installed, by the package's name
 * and the file's path in what was compiled; nothing for other libraries and this one.
 */
function libraryFrame({ name, file, line }: Frame): string[] {
  const [, root, path] = /^(.*)[\\/]dist[\\/](.*)$/.exec(file) ?? [];
  if (root === undefined || isInstalled(root) || root === OWN_ROOT) return [];
  const own = packageName(root);
  if (own === undefined) return [];
  return [dim(`  through ${name === '' ? '' : `${name}, `}${own}/${path}:${line}`)];
}

const OWN_ROOT = join(__dirname, '..', '..');
const isInstalled = (path: string) => /[\\/]node_modules[\\/]/.test(path);

function packageName(root: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
