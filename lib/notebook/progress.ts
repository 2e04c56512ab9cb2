import { cellSignal } from '../cancellation';
import { duration, escapeHtml } from '../text';
import { epochToldNow } from '../training/telling';
import { addTold, curvesPicture, figuresIn, type LiveCurves, stillPicture } from './liveCurves';
import { type Kernel, runningKernel } from './runningKernel';

/** The MIME type by which a run without a browser reads the state of a bar. */
export const PROGRESS_MIME = 'application/vnd.pathlab.progress+json';

/** A bar for something that takes a while. */
export interface Progress {
  /** Says that `done` of the total is done, and what there is to note of it. */
  update(done: number, note?: string): void;
  /** Leaves one line that says how long it took; so does an interrupt of the cell. */
  finish(): void;
}

interface State {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly note: string;
  readonly seconds: number;
  /** Whether this is the line that stays: all is done, or the cell was interrupted. */
  readonly finished: boolean;
  readonly stopped: boolean;
  /** What was told of losses and accuracies. */
  readonly curves: LiveCurves;
  /** Whether the library told the epochs of the curves; of a note only the bar's step is known. */
  readonly ofEpochs: boolean;
}

/** How often a bar is drawn anew, in milliseconds, and a line printed where nothing can be. */
export const REDRAW_MS = 200;
const LINE_MS = 10_000;
const BAR_WIDTH = 24;

let bars = 0;

/**
 * Shows how far something is, at what rate, and how long it will take: in a notebook as a bar that
 * is updated in place, on a terminal as one line, elsewhere as a line every ten seconds. Bars may
 * run inside one another. Losses and accuracies are drawn under the bar as curves: those of the epoch
 * that `train` or `fitBend` tells of while it is moved, else those in a note such as `loss 1.2e-2
 * nats, accuracy 0.98`.
 *
 * @param total how many steps there are
 * @param label what is being done
 * @example
 * ```ts
 * const bar = progress(3, 'steps');
 * for (const done of [1, 2, 3]) bar.update(done, `step ${done}`);
 * bar.finish();
 * ```
 */
export function progress(total: number, label: string): Progress {
  const started = performance.now();
  const show = output(`pathlab-progress-${process.pid}-${++bars}`);
  let last: State = {
    label,
    done: 0,
    total,
    note: '',
    seconds: 0,
    finished: false,
    stopped: false,
    curves: new Map(),
    ofEpochs: false,
  };
  show(last);
  const move = (change: Partial<State>) => {
    if (last.stopped) return;
    last = { ...last, ...change, seconds: (performance.now() - started) / 1000 };
    show(last);
  };
  const signal = cellSignal();
  const stop = () => move({ finished: true, stopped: true });
  signal?.addEventListener('abort', stop, { once: true });
  return {
    update(done, note = '') {
      const inNote = figuresIn(note);
      // A note with figures is of one run; one without says which of several.
      const name = note === '' || Object.keys(inNote).length > 0 ? label : note;
      const told = epochToldNow();
      addTold(last.curves, name, told ?? { epoch: done, ...inNote });
      move({ done, note, ofEpochs: last.ofEpochs || told !== undefined });
    },
    finish() {
      signal?.removeEventListener('abort', stop);
      move({ finished: true });
    },
  };
}

/**
 * Goes through a list or other iterable of known length under a bar.
 *
 * @param items what is gone through
 * @param label what is being done
 * @example
 * ```ts
 * let sum = 0;
 * for (const t of track([0.1, 0.2], 'points')) sum += t;
 * sum.toFixed(1); // → '0.3'
 * ```
 */
export function* track<T>(items: readonly T[], label: string): Generator<T> {
  const bar = progress(items.length, label);
  try {
    for (const [i, item] of items.entries()) {
      yield item;
      bar.update(i + 1);
    }
  } finally {
    bar.finish();
  }
}

/** Where this process can show a bar; every state goes there, and it draws as often as is good. */
function output(displayId: string): (state: State) => void {
  const kernel = runningKernel();
  if (kernel !== undefined) return inNotebook(kernel, displayId);
  return process.stderr.isTTY ? onTerminal() : asLines();
}

function inNotebook(kernel: Kernel, displayId: string): (state: State) => void {
  let update = false;
  return throttled(REDRAW_MS, (state) => {
    const { label, done, total } = state;
    const data = { label, done, total, secondsLeft: secondsLeft(state) };
    const bundle = { 'text/html': html(state), 'text/plain': line(state) };
    kernel.display(state.finished ? bundle : { ...bundle, [PROGRESS_MIME]: data }, {
      displayId,
      update,
    });
    update = true;
  });
}

function onTerminal(): (state: State) => void {
  return throttled(REDRAW_MS, (state) => {
    process.stderr.write(`\r\x1b[K${line(state)}${state.finished ? '\n' : ''}`);
  });
}

function asLines(): (state: State) => void {
  return throttled(LINE_MS, (state) => {
    if (state.done > 0) console.log(line(state));
  });
}

/** Calls `draw` at most every `interval` milliseconds, and always at the first and last state. */
function throttled(interval: number, draw: (state: State) => void): (state: State) => void {
  let next = 0;
  return (state) => {
    const now = performance.now();
    if (now < next && !state.finished) return;
    next = now + interval;
    draw(state);
  };
}

function secondsLeft({ done, total, seconds }: State): number | null {
  return done === 0 ? null : (seconds / done) * (total - done);
}

function line(state: State): string {
  const { label, done, total } = state;
  const filled = Math.round((BAR_WIDTH * done) / Math.max(total, 1));
  const bar = '█'.repeat(filled) + '░'.repeat(Math.max(0, BAR_WIDTH - filled));
  return `${label} ${state.finished ? '' : `${bar} `}${done}/${total} · ${timing(state)}`;
}

function html(state: State): string {
  const { label, done, total, finished, ofEpochs } = state;
  const text = `${done}/${total} · ${timing(state)}`;
  const bar = finished ? '' : `<progress value="${done}" max="${total}"></progress> `;
  const line = `<div>${escapeHtml(label)} ${bar}<small>${escapeHtml(text)}</small></div>`;
  const picture = curvesPicture(state.curves, ofEpochs ? undefined : total);
  return line + (finished ? stillPicture(picture) : picture);
}

function timing(state: State): string {
  const { done, note, seconds, finished, stopped } = state;
  const rate = done > 0 ? `${format(done / seconds)}/s` : undefined;
  const left = secondsLeft(state);
  const time = finished
    ? `${stopped ? 'stopped after' : 'took'} ${seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds)}`
    : left === null
      ? 'starting'
      : `${duration(left)} left`;
  return [time, rate, note].filter(Boolean).join(' · ');
}

function format(rate: number): string {
  return rate.toPrecision(2).includes('e') ? rate.toFixed(0) : rate.toPrecision(2);
}
