import { SIDE } from '../digit';
import { onChain, onSegment, type Place } from '../plane';
import { classColour } from './colours';
import { TS } from './curve';
import { draw, element, paint, set } from './dom';
import { makePad } from './pad';
import type { Scene, Store } from './scene';

const LEFT = 76;
const WIDTH = 400;

/** A digit of the reader's own, and what each point of segment and chain calls it. */
export function followOwnDigit(scene: Scene, store: Store): void {
  const { engine, plane, contents, header } = scene;
  if (header.shape.some((side) => side !== SIDE)) {
    element('own').remove();
    return;
  }
  let digit: Uint8Array | undefined;
  const labelsAt = (places: readonly Place[]) =>
    engine.labelsOf(digit!, places.map(plane.weightsAt));
  const show = () => {
    if (digit === undefined) return;
    paint(element<HTMLCanvasElement>('seen'), digit);
    const { bend, point } = store.view;
    const rows = {
      segment: labelsAt(TS.map(onSegment)),
      chain: labelsAt(TS.map((t) => onChain(bend, t))),
    };
    const [here] = labelsAt([point]);
    drawStrips(rows);
    element('own-told').textContent =
      `The ring calls it ${here}. Segment: ${inWords(rows.segment)}. Chain: ${inWords(rows.chain)}.`;
  };
  const pad = makePad((drawn) => {
    digit = drawn.some((value) => value > 0) ? drawn : undefined;
    show();
  });
  element('clear').addEventListener('click', () => {
    digit = undefined;
    pad.clear();
    element('strips').replaceChildren();
    paint(element<HTMLCanvasElement>('seen'), new Uint8Array(SIDE * SIDE));
    element('own-told').textContent = 'Draw a digit.';
  });
  let next = 0;
  element('sample').addEventListener('click', () => {
    const pixels = header.shape[0] * header.shape[1];
    const image = next++ % header.testSamples;
    pad.show(contents.test.pixels.subarray(image * pixels, (image + 1) * pixels));
  });
  store.follow(show);
}

/** Runs of the same label, each with where it begins and how long it is. */
function runsOf(labels: readonly number[]) {
  const runs: { readonly label: number; readonly from: number; length: number }[] = [];
  labels.forEach((label, from) => {
    const last = runs.at(-1);
    if (last?.label === label) last.length++;
    else runs.push({ label, from, length: 1 });
  });
  return runs;
}

function inWords(labels: readonly number[]): string {
  const runs = runsOf(labels);
  if (runs.length === 1) return `${labels[0]} everywhere`;
  return runs.map(({ label, from }) => `${label} from t = ${TS[from]!.toFixed(2)}`).join(', ');
}

function drawStrips(rows: Readonly<Record<string, readonly number[]>>): void {
  const svg = element<SVGSVGElement>('strips');
  svg.replaceChildren();
  Object.entries(rows).forEach(([name, labels], k) => {
    const y = 6 + k * 46;
    draw(svg, 'text', { x: 0, y: y + 23, 'font-size': 15 }, name);
    const cell = WIDTH / labels.length;
    for (const { label, from, length } of runsOf(labels)) {
      const [x, width] = [LEFT + from * cell, length * cell];
      draw(svg, 'rect', { x, y, width, height: 36, fill: classColour(label) });
      const text = {
        x: x + width / 2,
        y: y + 25,
        'text-anchor': 'middle',
        'font-size': 20,
        'font-weight': 600,
        style: 'fill:#16151a',
      };
      if (width > 12) draw(svg, 'text', text, String(label));
    }
  });
  const ends = [
    ['w₁', 'start', LEFT],
    ['half way, θ', 'middle', LEFT + WIDTH / 2],
    ['w₂', 'end', LEFT + WIDTH],
  ] as const;
  for (const [name, anchor, x] of ends) {
    draw(svg, 'text', { x, y: 113, 'text-anchor': anchor, 'font-size': 14 }, name);
  }
  const told = Object.entries(rows).map(([name, labels]) => `${name}: ${inWords(labels)}`);
  set(svg, { 'aria-label': told.join('; ') });
}
