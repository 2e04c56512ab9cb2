import type { Place } from '../plane';
import { makeChart } from './chart';
import { element, set } from './dom';
import { makeTrail } from './overlay';
import { nats, type Scene, type Store, scalesOf } from './scene';

/** Steps of SGD that are shown of a descent, and how many a frame. */
const MOST_STEPS = 600;
const A_FRAME = 2;

/** Where a descent is after so many steps. */
interface Stop extends Place {
  readonly steps: number;
  /** From the plane, and along it from the start, in weight space. */
  readonly off: number;
  readonly along: number;
}

/**
 * SGD from the ring on all train images. What moves on the map is the foot of the network on the
 * plane; how far the network is from its foot stands beside it, as the map would lie without.
 */
export function makeRolling(scene: Scene, store: Store) {
  const { engine, plane } = scene;
  const button = element('roll');
  const scales = scalesOf(scene.frame);
  const chart = rollChart();
  let trail: ((points: string) => void) | undefined;
  let stops: Stop[] = [];
  let running = false;

  function addStop() {
    const { a, b, distance } = plane.footOf(engine.descent.weights());
    const from = stops[0] ?? { a, b };
    const { u, v } = plane.lengths;
    const along = Math.hypot((a - from.a) * u, (b - from.b) * v);
    stops.push({ a, b, steps: engine.descent.steps, off: distance, along });
  }

  function frameOfRoll() {
    if (!running) return;
    for (let k = 0; k < A_FRAME; k++) engine.descent.step();
    addStop();
    trail?.(stops.map((s) => `${scales.x(s).toFixed(1)},${scales.y(s).toFixed(1)}`).join(' '));
    chart(stops);
    tell(scene, store, stops.at(-1)!);
    if (engine.descent.steps >= MOST_STEPS) stop();
    else requestAnimationFrame(frameOfRoll);
  }

  function stop() {
    running = false;
    button.textContent = 'Let it roll';
    element('live').textContent = element('roll-told').textContent;
  }

  return {
    /** Starts at the ring, or stops. */
    toggle() {
      if (running) return stop();
      running = true;
      button.textContent = 'Stop';
      engine.descent.start(plane.weightsAt(store.view.point));
      stops = [];
      addStop();
      requestAnimationFrame(frameOfRoll);
    },
    drawOn(parent: Element) {
      trail = makeTrail(parent, '#ff7a45', 3.5);
    },
  };
}

/** How far a descent is off the plane, and along it, by its steps. */
function rollChart() {
  const chart = makeChart(element('rolling'), {
    height: 215,
    title: 'distance in weight space',
    across: 'steps of SGD',
    log: false,
  });
  const [off, along] = [chart.curve('--off'), chart.curve('--chain', '7 5')];
  return (stops: readonly Stop[]) => {
    const most = Math.max(...stops.map((s) => Math.max(s.off, s.along)), 1);
    const scale = chart.frame(Math.max(stops.at(-1)!.steps, 50), 0, most);
    off(stops.map((s) => [scale.x(s.steps), scale.y(s.off)]));
    along(stops.map((s) => [scale.x(s.steps), scale.y(s.along)]));
  };
}

function tell({ engine, plane }: Scene, store: Store, last: Stop): void {
  const images = engine.sets[store.view.set];
  const there = nats(engine.descent.figures(images).loss);
  const below = nats(engine.evaluate(images, [plane.weightsAt(last)])[0]!.loss);
  const said =
    `After ${last.steps} steps it is ${last.off.toFixed(2)} off the plane, and its foot has moved ` +
    `${last.along.toFixed(2)} along it (dashed). Loss there ${there}, at its foot ${below} nats.`;
  element('roll-told').textContent = said;
  set(element('rolling'), { 'aria-label': said });
}
