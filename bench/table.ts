import { has, median, ROWS, type Row, type Side } from './rows';

/** What the table needs of a run. */
interface Run {
  readonly side: Side;
  readonly row: Row;
  readonly value: number;
  readonly memory: number;
}

/** A row each, as Markdown: medians, and of the ratios of a round the least and the most. */
export function table(rows: readonly Row[], sides: readonly Side[], runs: readonly Run[]): string {
  const body = rows.map((row) => {
    const of = (side: Side) => runs.filter((run) => run.row === row && run.side === side);
    const middle = (side: Side, what: 'value' | 'memory') =>
      digits(median(of(side).map((run) => run[what])));
    const beside = (side: Side, ...cells: (() => string)[]) =>
      cells.map((cell) => {
        if (!has(side, row)) return '—';
        return sides.includes(side) ? cell() : 'not installed';
      });
    const ratio = (side: Side) => () => spread(of('ours'), of(side));
    const template = () => median(of('template').map((run) => run.value));
    return [
      ROWS[row],
      middle('ours', 'value'),
      middle('ours', 'memory'),
      ...beside(
        'tuned',
        () => middle('tuned', 'value'),
        () => middle('tuned', 'memory'),
        ratio('tuned'),
      ),
      ...beside('jax', () => middle('jax', 'value'), ratio('jax')),
      ...beside(
        'template',
        () => digits(template()),
        () => digits(template() / median(of('ours').map((run) => run.value))),
      ),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEADER), line(HEADER.map(() => '---')), ...body.map(line)].join('\n');
}

const HEADER = [
  'row',
  'ours',
  'MB',
  'PyTorch, tuned',
  'MB',
  'ours ÷ tuned (spread)',
  'JAX',
  'ours ÷ JAX (spread)',
  'the template',
  'template ÷ ours',
];

/** Ours ÷ theirs of each round: the median, the least and the most. */
function spread(ours: readonly Run[], theirs: readonly Run[]): string {
  const ratios = ours.map((run, i) => run.value / (theirs[i]?.value ?? Number.NaN));
  return `${digits(median(ratios))} (${digits(Math.min(...ratios))}–${digits(Math.max(...ratios))})`;
}

function digits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '—';
}
