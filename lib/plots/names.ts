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
  const [first = '', ...others] = namesByDirection(figuresByName).keys();
  if (others.length === 0 && first !== '') {
    return { xTitle: `t (fraction of the path ${first})`, notes: [] };
  }
  return { xTitle: 't (fraction of the path)', notes: runsOf(figuresByName) };
}

/** From where to where t runs, a line for each direction, with the paths that have it if not all do. */
export function runsOf(figuresByName: Readonly<Record<string, Named>>): string[] {
  const directions = namesByDirection(figuresByName);
  return [...directions]
    .filter(([direction]) => direction !== '')
    .map(([direction, names]) =>
      directions.size === 1 ? `t runs ${direction}` : `t runs ${direction}: ${names.join(', ')}`,
    );
}

function namesByDirection(figuresByName: Readonly<Record<string, Named>>): Map<string, string[]> {
  const directions = new Map<string, string[]>();
  for (const [name, { ends }] of Object.entries(figuresByName)) {
    const direction = ends === undefined ? '' : onOneLine(`from ${ends[0]} to ${ends[1]}`);
    directions.set(direction, [...(directions.get(direction) ?? []), legendName(name)]);
  }
  return directions;
}

/** A text without line breaks: titles stand in expressions of Vega's, which a break would end. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' ');
}

/** A long name in lines of so many characters, for an axis or a legend. */
export function wrapped(name: string, width: number): string {
  return name.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
