import { extent } from '../extent';
import { escapeHtml } from '../text';
import type { ToldEpoch } from '../training/telling';

/** Loss and accuracy of one run so far, against the epoch or the bar's step; of what was not told there is no point. */
interface Run {
  readonly name: string;
  readonly loss: Point[];
  readonly accuracy: Point[];
}

type Point = readonly [x: number, y: number];
type Quantity = 'loss' | 'accuracy';

/** The curves of all runs under one bar, by the training or else the name; the last one told is at the end. */
export type LiveCurves = Map<unknown, Run>;

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e[+-]?\d+)?)`;
const LOSS = new RegExp(String.raw`\bloss\b(?:[a-z ]*?[ :] *| *= *)${NUMBER}`);
const ACCURACY = new RegExp(String.raw`\baccuracy[ :=]+${NUMBER}`);

/** The figures in a note such as `loss 1.2e-2 nats, accuracy 0.98`, or `loss: 0.5`. */
export function figuresIn(note: string): Omit<ToldEpoch, 'epoch'> {
  const read = (pattern: RegExp) => {
    const text = pattern.exec(note)?.[1];
    return text === undefined ? undefined : Number(text);
  };
  const [loss, accuracy] = [read(LOSS), read(ACCURACY)];
  return { ...(loss !== undefined && { loss }), ...(accuracy !== undefined && { accuracy }) };
}

/** Adds what was told of a run; nothing where no figure was. */
export function addTold(curves: LiveCurves, name: string, told: ToldEpoch): void {
  if (told.loss === undefined && told.accuracy === undefined) return;
  const key = told.run ?? name;
  const run: Run = { loss: [], accuracy: [], ...curves.get(key), name };
  curves.delete(key);
  curves.set(key, run);
  for (const quantity of ['loss', 'accuracy'] as const) {
    const value = told[quantity];
    if (value !== undefined && Number.isFinite(value)) run[quantity].push([told.epoch, value]);
  }
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [300, 130, 46, 16, 18];
/** How much wider than its own units a picture may be. */
const WIDENED = 1.2;
/** All curves together: more are no finer on a screen, and take time. */
const MOST_POINTS = 600;

/**
 * The curves as a small picture: the loss on a log axis, the accuracy beside it, the run told last in
 * colour before the others in grey. Empty before there are two points. Its ink is the page's, so it is
 * dark where that is.
 *
 * @param of how many steps the bar has, where the curves are against these and not against epochs
 */
export function curvesPicture(curves: LiveCurves, of?: number): string {
  const panels = (['loss', 'accuracy'] as const).filter((quantity) =>
    [...curves.values()].some((run) => run[quantity].length > 1),
  );
  if (panels.length === 0) return '';
  const run = [...curves.values()].at(-1)!;
  const last = panels.map((one) => `${one} ${readable(run[one].at(-1)?.[1])}`);
  const label = `So far, ${run.name}: ${last.join(', ')}`;
  const drawn = panels.map((one, i) => panel(one, curves, i * WIDTH, of));
  const width = panels.length * WIDTH;
  return (
    `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${HEIGHT}" ` +
    `style="display:block;width:100%;max-width:${WIDENED * width}px;height:auto;font:11px sans-serif" ` +
    `fill="currentColor">${drawn.join('')}</svg>`
  );
}

/** Reads on light and on dark ground. */
const STILL_INK = '#767676';

/**
 * A picture of `curvesPicture` as an image, which also a page shows that takes no drawings of a
 * notebook that it does not trust, as JupyterLab does not.
 */
export function stillPicture(picture: string): string {
  const [svg, label, width] =
    /^<svg .*? aria-label="(.*?)" viewBox="0 0 (\d+) .*/s.exec(picture) ?? [];
  if (svg === undefined) return '';
  const alone = svg.replace(
    '<svg ',
    `<svg xmlns="http://www.w3.org/2000/svg" color="${STILL_INK}" `,
  );
  const source = `data:image/svg+xml;base64,${Buffer.from(alone).toString('base64')}`;
  return `<img alt="${label}" width="${WIDENED * Number(width)}" style="max-width:100%" src="${source}">`;
}

function panel(quantity: Quantity, curves: LiveCurves, x0: number, of?: number): string {
  const isLog = quantity === 'loss';
  const height = (y: number) => (isLog ? Math.log10(Math.max(y, 1e-12)) : y);
  const lines = [...curves.values()].map((run) =>
    thinned(run[quantity], MOST_POINTS / curves.size),
  );
  const [left, right] = extent(lines.flat().map(([x]) => x));
  const [low, high] = extent(lines.flat().map(([, y]) => y));
  const span = height(high) - height(low) || 1;
  const atX = (x: number) => x0 + LEFT + ((x - left) / (right - left || 1)) * (WIDTH - LEFT - 12);
  const atY = (y: number) => TOP + ((height(high) - height(y)) / span) * (HEIGHT - TOP - BOTTOM);
  const drawn = lines.map((line, i) => {
    const points = line.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(' ');
    const ink = i === lines.length - 1 ? 'stroke="#E07020" stroke-width="2"' : GREY;
    return `<polyline points="${points}" fill="none" ${ink}/>`;
  });
  const text = (x: number, y: number, anchor: string, words: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const [from, to] = [x0 + LEFT, HEIGHT - BOTTOM];
  return [
    `<path d="M${from} ${TOP}V${to}H${x0 + WIDTH - 12}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>`,
    text(from, 11, 'start', isLog ? 'loss (nats, log axis)' : 'accuracy'),
    text(from - 4, TOP + 8, 'end', readable(high)),
    text(from - 4, to, 'end', readable(low)),
    text(from, HEIGHT - 5, 'middle', String(left)),
    text(
      x0 + WIDTH - 12,
      HEIGHT - 5,
      'end',
      of === undefined ? `epoch ${right}` : `${right} of ${of}`,
    ),
    ...drawn,
  ].join('');
}

const GREY = 'stroke="currentColor" stroke-opacity="0.35"';

/** Every so many points, and the last. */
function thinned(points: readonly Point[], most: number): readonly Point[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

function readable(value = Number.NaN): string {
  if (!Number.isFinite(value)) return '–';
  return value !== 0 && value < 0.01 ? value.toExponential(1) : value.toPrecision(3);
}
