import { SourceMap, type SourceMapPayload } from 'node:module';
import type { Script } from './failure';

/**
 * Where compiled code comes from, by its source map, which is read when it is first asked for.
 *
 * @param map as JSON
 */
export function linesBy(map: string, source: string): Script['line'] {
  const most = source.split('\n').length;
  let read: SourceMap | undefined;
  return (line, column) => {
    read ??= new SourceMap(JSON.parse(map) as SourceMapPayload);
    const entry = read.findEntry(line - 1, column - 1);
    if (!('originalLine' in entry)) return undefined;
    const at = entry.originalLine + 1;
    return at <= most ? at : undefined;
  };
}
