import { dim, excerptOf, green, red } from './excerpt';
import type { Complaint, Failure } from './messages';

/** Tells of a cell that does not compile: every complaint with its line. */
export function describeComplaints(
  complaints: readonly Complaint[],
  label: string,
  source: string,
): Failure {
  const [first] = complaints;
  const more = complaints.length - 1;
  const evalue = `${first?.message}${more > 0 ? ` (and ${more} more)` : ''}`;
  const traceback = complaints.flatMap(({ message, code, start, end, file }, i) => {
    const gap = i === 0 ? [] : [''];
    const number = code === undefined ? '' : ` ${dim(`(TS${code})`)}`;
    const heading = `${red('CompileError')}: ${message}${number}`;
    if (file) {
      const { name, line, column } = file;
      return [...gap, `${heading}\n${green(name)}, line ${line}, column ${column}`];
    }
    const before = source.slice(0, start).split('\n');
    const column = before.at(-1)!.length;
    const length = Math.max(1, source.slice(start, end).split('\n')[0]!.length);
    const underline = `${' '.repeat(column)}${red('~'.repeat(length))}`;
    const place = `${green(label)}, line ${before.length}, column ${column + 1}`;
    return [...gap, heading, place, excerptOf(source, before.length, underline)];
  });
  return { ename: 'CompileError', evalue, traceback };
}
