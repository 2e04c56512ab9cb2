import type { Figures } from '../engine';
import type { View } from '../state';
import { colourAt } from './colours';
import { drawingOn, element } from './dom';
import { nats, type Scene, type Store } from './scene';

/** Points across and up, from a first look to the last. */
const PASSES = [
  [25, 17],
  [49, 33],
  [97, 65],
  [145, 97],
] as const;
/** Milliseconds a frame. */
const MOST_MS = 7;
/** Contours within a decade. */
const STEPS = [1, 2, 5];

interface Grid {
  readonly nx: number;
  readonly ny: number;
  /** log₁₀ of the losses, row by row from the top. */
  readonly heights: Float32Array;
}

/** The loss as colours and contours, first coarse, then finer in what is left of each frame. */
export function followRelief(scene: Scene, store: Store): void {
  const canvas = element<HTMLCanvasElement>('relief');
  const work = { train: gridWork(scene, 'train'), test: gridWork(scene, 'test') };
  let moved = 0;
  let set = store.view.set;
  const go = () => {
    const finished = performance.now() - moved > 120 ? work[set].next(MOST_MS) : undefined;
    if (finished) drawRelief(canvas, finished);
    if (!work[set].done()) requestAnimationFrame(go);
  };
  store.follow((view, before) => {
    if (before !== undefined && before.set === view.set) {
      moved = performance.now();
      return;
    }
    const idle = before === undefined || work[set].done();
    set = view.set;
    const last = work[set].last();
    if (last) drawRelief(canvas, last);
    if (idle) requestAnimationFrame(go);
  });
}

/** Evaluates grids row by row, one finer than the other. */
function gridWork({ engine, plane, frame }: Scene, set: View['set']) {
  let pass = 0;
  let rows: Float32Array[] = [];
  let last: Grid | undefined;
  const between = ([from, to]: readonly [number, number], share: number) =>
    from + share * (to - from);
  const rowAt = (nx: number, share: number) => {
    const b = between(frame.b, 1 - share);
    const places = Array.from({ length: nx }, (_, i) => ({ a: between(frame.a, i / (nx - 1)), b }));
    const figures = engine.evaluate(engine.sets[set], places.map(plane.weightsAt));
    return Float32Array.from(figures, ({ loss }: Figures) => Math.log10(Math.max(loss, 1e-9)));
  };
  return {
    done: () => pass === PASSES.length,
    last: () => last,
    /** Works for so long; a grid that is finished by it. */
    next(most: number): Grid | undefined {
      const begun = performance.now();
      const [nx, ny] = PASSES[pass]!;
      while (rows.length < ny && performance.now() - begun < most) {
        rows.push(rowAt(nx, rows.length / (ny - 1)));
      }
      if (rows.length < ny) return undefined;
      const heights = new Float32Array(nx * ny);
      for (const [j, row] of rows.entries()) heights.set(row, j * nx);
      rows = [];
      pass++;
      last = { nx, ny, heights };
      return last;
    },
  };
}

/** Colours begin where 2 % of the points are lower, and end where a tenth is higher. */
function drawRelief(canvas: HTMLCanvasElement, grid: Grid): void {
  const { width, height } = canvas;
  const sorted = grid.heights.toSorted();
  const [low, high] = [0.02, 0.9].map((share) => sorted[Math.floor(share * (sorted.length - 1))]!);
  const context = drawingOn(canvas);
  const picture = context.createImageData(width, height);
  let above = new Int16Array(width);
  for (let y = 0; y < height; y++) {
    const levels = new Int16Array(width);
    for (let x = 0; x < width; x++) {
      const value = heightAt(grid, (x + 0.5) / width, (y + 0.5) / height);
      levels[x] = levelOf(value, low!, high!);
      const isLine = (y > 0 && levels[x] !== above[x]) || (x > 0 && levels[x] !== levels[x - 1]);
      const [r, g, b] = colourAt((value - low!) / (high! - low!));
      const light = isLine ? 0.38 : 0;
      const at = 4 * (y * width + x);
      picture.data[at] = r + light * (255 - r);
      picture.data[at + 1] = g + light * (255 - g);
      picture.data[at + 2] = b + light * (255 - b);
      picture.data[at + 3] = 255;
    }
    above = levels;
  }
  context.putImageData(picture, 0, 0);
  drawRamp(low!, high!);
}

/** The height between the grid's points, bilinear. */
function heightAt({ nx, ny, heights }: Grid, right: number, down: number): number {
  const [x, y] = [right * (nx - 1), down * (ny - 1)];
  const [i, j] = [Math.min(nx - 2, Math.floor(x)), Math.min(ny - 2, Math.floor(y))];
  const [s, t] = [x - i, y - j];
  const at = j * nx + i;
  const top = heights[at]! * (1 - s) + heights[at + 1]! * s;
  const bottom = heights[at + nx]! * (1 - s) + heights[at + nx + 1]! * s;
  return top * (1 - t) + bottom * t;
}

/** How many contours lie below a height; none is drawn outside of the colours. */
function levelOf(height: number, low: number, high: number): number {
  const kept = Math.max(low, Math.min(high, height));
  const decade = Math.floor(kept);
  const steps = STEPS.filter((step) => decade + Math.log10(step) <= kept).length;
  return STEPS.length * decade + steps;
}

function drawRamp(low: number, high: number): void {
  const ramp = element<HTMLCanvasElement>('ramp');
  const context = drawingOn(ramp);
  for (let x = 0; x < ramp.width; x++) {
    context.fillStyle = `rgb(${colourAt(x / (ramp.width - 1)).join(' ')})`;
    context.fillRect(x, 0, 1, 1);
  }
  element('low').textContent = `≤ ${nats(10 ** low)}`;
  element('high').textContent = `≥ ${nats(10 ** high)}`;
}
