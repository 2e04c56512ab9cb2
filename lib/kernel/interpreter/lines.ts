import { SourceMap, type SourceMapPayload } from 'node:module';

/** A cell as tracebacks show it. */
export interface Script {
  /** `In [3]`. */
  readonly label: string;
  readonly source: string;
  /** The cell's line of a line and column of the compiled code; undefined outside the cell. */
  line(line: number, column: number): number | undefined;
}

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
