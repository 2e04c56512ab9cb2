import ts from 'typescript';
import { MODULE } from '../given';
import type { Compiled, Complaint } from '../messages';

/**
 * The file that a cell is, as in tslab: one that begins with a comment `/** @module name *\/` is
 * `name.ts` beside the notebook, which other cells import from './name'.
 */
export function sideModule(source: string): string | undefined {
  for (const { pos, end } of ts.getLeadingCommentRanges(source, 0) ?? []) {
    const comment = source.slice(pos, end);
    const name = /^[ \t*/]*@module[ \t]+(\w+)[ \t]*(\*\/)?$/m.exec(comment)?.[1];
    if (comment.startsWith('/**') && name !== undefined) return `${name}.ts`;
  }
  return undefined;
}

/** A cell that puts its source in the place of a file. */
export function putting(file: string, source: string): Compiled {
  const code = `${MODULE}(${JSON.stringify(file)}, ${JSON.stringify(source)});`;
  const map = JSON.stringify({ version: 3, sources: [file], names: [], mappings: '' });
  return {
    program: { code, map, names: [], late: [] },
    knowledge: { declared: [], text: source, isSource: true, file },
  };
}

/** A complaint against the file that a cell is, as one against the cell. */
export function inCell(complaint: Complaint, file: string, source: string): Complaint {
  if (complaint.file?.name !== file) return complaint;
  const { message, code } = complaint;
  const { line, column } = complaint.file;
  const before = source.split('\n').slice(0, line - 1);
  const start = before.join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  return { message, start, end: start + 1, ...(code !== undefined && { code }) };
}
