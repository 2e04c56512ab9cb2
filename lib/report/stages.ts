import { escapeHtml } from '../text';

/** What a part of a run's time went into: a cell by its id, or the start or end of a kernel. */
export interface Stage {
  readonly part: string;
  readonly stage: string;
  readonly seconds: number;
  /** Of the whole run. */
  readonly share: number;
}

/** What takes less than this share has no row of its own. */
const LEAST = 0.01;

/** Where the time went, in the run's order, as a table folded away; empty where nothing is known. */
export function stagesTable(stages: readonly Stage[]): string {
  if (stages.length === 0) return '';
  const long = stages.filter(({ share }) => share >= LEAST);
  const rest = stages.filter(({ share }) => share < LEAST);
  const sum = (of: (stage: Stage) => number) => rest.reduce((total, one) => total + of(one), 0);
  const rows = [
    ...long.map(({ part, stage, ...time }) => row(`${part}, ${stage}`, time)),
    row(`${rest.length} shorter ones`, {
      seconds: sum((s) => s.seconds),
      share: sum((s) => s.share),
    }),
  ];
  return (
    '<details><summary>where the time went</summary><div class="table"><table>' +
    `<tr><th>stage</th><th>seconds</th><th>share</th></tr>${rows.join('')}</table></div></details>`
  );
}

function row(name: string, { seconds, share }: { seconds: number; share: number }): string {
  return `<tr><td>${escapeHtml(name)}</td><td>${seconds.toFixed(1)}</td><td>${(100 * share).toFixed(0)} %</td></tr>`;
}
