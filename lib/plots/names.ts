import type { PathEnds } from '../paths';
import { legendName } from './colours';

/** What figures say of themselves: their loss, unless it is cross-entropy, and the ends of their path. */
export interface Named {
  readonly lossName?: string;
  readonly ends?: PathEnds;
}

/** What an axis of train losses is called, by the names of the losses on it. */
export function trainLossTitle(figures: readonly Named[], log = false): string {
  return lossTitle(figures, log, 'train loss (nats)', (name) => `train loss: ${name}`);
}

/** What an axis of losses is called, by the names of the losses on it. */
export function lossTitle(
  figures: readonly Named[],
  log = false,
  crossEntropy = 'cross-entropy loss (nats)',
  titleOf = (name: string) => name,
): string {
  const names = figures.map(({ lossName }) =>
    lossName === undefined ? crossEntropy : titleOf(onOneLine(lossName)),
  );
  const title = [...new Set(names)].join('; ');
  if (!log) return title;
  return title.endsWith(')') ? title.replace(/\)$/, ', log axis)') : `${title} (log axis)`;
}

/** The unit of losses in words, with a space before it: that of cross-entropy alone is known. */
export function lossUnit({ lossName }: Named): string {
  return lossName === undefined ? ' nats' : '';
}

/** What the axis of t is called, and, where paths have other ends than others, a line for each. */
export function directionsOf(figuresByName: Readonly<Record<string, Named>>) {
  const directions = new Map<string, string[]>();
  for (const [name, { ends }] of Object.entries(figuresByName)) {
    const direction = ends === undefined ? '' : onOneLine(`from ${ends[0]} to ${ends[1]}`);
    directions.set(direction, [...(directions.get(direction) ?? []), legendName(name)]);
  }
  const [first = '', ...others] = directions.keys();
  if (others.length === 0 && first !== '') {
    return { xTitle: `t (fraction of the path ${first})`, notes: [] };
  }
  const known = [...directions].filter(([direction]) => direction !== '');
  return {
    xTitle: 't (fraction of the path)',
    notes: known.map(([direction, names]) => `t runs ${direction}: ${names.join(', ')}`),
  };
}

/** A text without line breaks: titles stand in expressions of Vega's, which a break would end. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' ');
}

/** A long name in lines of so many characters, for an axis or a legend. */
export function wrapped(name: string, width: number): string {
  return name.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
