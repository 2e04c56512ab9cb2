import { type Cell, cellText, joinStreams, type Notebook, type Output } from '../ipynb';
import { isForAll } from './instructor';

/**
 * An executed notebook as a reader on the web gets it: the source's text, all outputs, and nothing
 * that differs from run to run without meaning: no counts, no times of execution. Streams that
 * follow one another are one.
 */
export function solution(executed: Notebook, source: Notebook): Notebook {
  const ofSource = new Map(source.cells.map((cell) => [cell.id, cell]));
  const cells = executed.cells.filter(isForAll).map((cell) => {
    const { metadata, source: text } = ofSource.get(cell.id) ?? { ...cell, metadata: {} };
    if (cell.cell_type !== 'code') return { ...cell, metadata, source: text };
    return {
      ...cell,
      metadata,
      execution_count: null,
      outputs: joinStreams(cell.outputs ?? []).map(withoutCount),
    };
  });
  const { pathlab } = executed.metadata;
  return { ...source, cells, metadata: { ...source.metadata, pathlab } };
}

function withoutCount(output: Output): Output {
  return output.execution_count === undefined ? output : { ...output, execution_count: null };
}

/**
 * Why an executed notebook is no full-size solution of a source, or nothing if it is one: the same
 * cells in the same order, each code cell with the same code and no error, at the full size. Text
 * may have changed since, as nothing that was carried out depends on it.
 */
export function whyNoSolution(executed: Notebook, source: Notebook): string | undefined {
  const told = (cells: readonly Cell[]) =>
    cells
      .filter(isForAll)
      .map((cell) => [cell.id, cell.cell_type, cell.cell_type === 'code' ? cellText(cell) : '']);
  const [ours, theirs] = [told(source.cells), told(executed.cells)];
  const i = ours.findIndex((cell, k) => cell.join('\n') !== theirs[k]?.join('\n'));
  if (i >= 0) return `cell '${ours[i]![0]}' differs from the source`;
  if (theirs.length > ours.length) return `cell '${theirs[ours.length]![0]}' is not in the source`;
  const failed = executed.cells.find(({ outputs }) =>
    outputs?.some(({ output_type }) => output_type === 'error'),
  );
  if (failed) return `cell '${failed.id}' failed`;
  const { size } = (executed.metadata.pathlab ?? {}) as { size?: string };
  return size === 'full' ? undefined : `it was carried out at size ${size}, not full`;
}
