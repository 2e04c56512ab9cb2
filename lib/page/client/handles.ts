import { ASPECT, inside, type Place } from '../plane';
import { draw, set } from './dom';
import { HEIGHT, type Scene, scalesOf, WIDTH } from './scene';

/** A step of an arrow key in shares of the picture's width, and with Shift. */
const STEP = 0.01;
const LEAP = 0.05;

interface HandleOptions {
  readonly name: string;
  readonly className: string;
  readonly get: () => Place;
  readonly move: (place: Place) => void;
  readonly enter?: () => void;
}

/** A point on the map that is dragged, or moved by the arrow keys. */
export function makeHandle(
  svg: SVGSVGElement,
  scene: Scene,
  { name, className, get, move, enter }: HandleOptions,
) {
  const { frame } = scene;
  const scales = scalesOf(frame);
  const group = draw(svg, 'g', {
    class: `handle ${className}`,
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'point to drag',
  });
  // Under a finger there must be room.
  draw(group, 'circle', { r: 34, fill: 'transparent' });
  // Dark around white: seen on the map's yellow and on its violet.
  for (const [stroke, width] of [
    ['#000', 7],
    ['#fff', 3],
  ] as const) {
    draw(group, 'circle', { class: 'halo', r: 25, fill: 'none', stroke, 'stroke-width': width });
  }
  group.addEventListener('keydown', (event) => {
    const by = ARROWS[event.key];
    if (event.key === 'Enter' && enter) enter();
    else if (by === undefined) return;
    else {
      const step = event.shiftKey ? LEAP : STEP;
      const from = get();
      const a = from.a + by[0] * step * (frame.a[1] - frame.a[0]);
      const b = from.b + by[1] * step * (frame.b[1] - frame.b[0]) * ASPECT;
      move(inside(frame, { a, b }));
    }
    event.preventDefault();
  });
  return {
    group,
    /** Follows the pointer until it is lifted. */
    drag(event: PointerEvent) {
      group.focus({ preventScroll: true });
      followPointer(svg, event, (x, y) => move(inside(frame, scales.place(x, y))));
    },
    show(place: Place) {
      const [x, y] = [scales.x(place), scales.y(place)];
      set(group, {
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
        'aria-label': `${name} at a = ${place.a.toFixed(2)}, b = ${place.b.toFixed(2)}`,
      });
    },
  };
}

/** Which way an arrow key leads: across and up. */
const ARROWS: Readonly<Record<string, readonly [across: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Tells where in the drawing the pointer is, from when it is down until it is lifted. */
function followPointer(
  svg: SVGSVGElement,
  down: PointerEvent,
  tell: (x: number, y: number) => void,
): void {
  svg.setPointerCapture(down.pointerId);
  const follow = ({ clientX, clientY }: PointerEvent) => {
    const box = svg.getBoundingClientRect();
    const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
    tell(x * WIDTH, y * HEIGHT);
  };
  const end = () => {
    svg.removeEventListener('pointermove', follow);
    svg.removeEventListener('pointerup', end);
    svg.removeEventListener('pointercancel', end);
  };
  svg.addEventListener('pointermove', follow);
  svg.addEventListener('pointerup', end);
  svg.addEventListener('pointercancel', end);
  follow(down);
}
