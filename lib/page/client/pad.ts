import { centredDigit, SIDE } from '../digit';
import { drawingOn, element, isDark } from './dom';

/** Pixels of the pad, the pen's width, and a step of an arrow key. */
const SIZE = 280;
const PEN = 22;
const STEP = 8;

type Point = readonly [x: number, y: number];

/** A pad to draw a digit on; `tell` gets it as MNIST has digits, after each of the pen's moves. */
export function makePad(tell: (digit: Uint8Array) => void) {
  const canvas = element<HTMLCanvasElement>('pad');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  const context = drawingOn(canvas);
  const tellInk = () => {
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    const ink = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => data[4 * i + 3]!);
    tell(centredDigit(ink, SIZE));
  };
  const pen = makePen(canvas, (from, to) => {
    context.strokeStyle = inkColour();
    context.lineWidth = PEN;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    tellInk();
  });
  const clear = () => {
    context.clearRect(0, 0, SIZE, SIZE);
    pen.lift();
  };
  return {
    clear,
    /** Puts an image there instead. */
    show(pixels: Uint8Array) {
      clear();
      const side = SIZE / SIDE;
      context.fillStyle = inkColour();
      pixels.forEach((value, i) => {
        context.globalAlpha = value / 255;
        context.fillRect((i % SIDE) * side, Math.floor(i / SIDE) * side, side, side);
      });
      context.globalAlpha = 1;
      tellInk();
    },
  };
}

const inkColour = () => (isDark() ? '#eceaf1' : '#1d1c22');

/** A pen that the pointer leads, or the arrow keys, with Space to put it down and to lift it. */
function makePen(canvas: HTMLCanvasElement, stroke: (from: Point, to: Point) => void) {
  let at: Point = [SIZE / 2, SIZE / 2];
  let isDown = false;
  const lineTo = (to: Point) => {
    stroke(at, to);
    at = to;
  };
  const placeOf = ({ clientX, clientY }: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
    return [x * SIZE, y * SIZE];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    at = placeOf(event);
    lineTo(at);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons > 0) lineTo(placeOf(event));
  });
  canvas.addEventListener('keydown', (event) => {
    const by = MOVES[event.key];
    if (event.key === ' ') isDown = !isDown;
    else if (by === undefined) return;
    event.preventDefault();
    const within = (x: number) => Math.max(PEN / 2, Math.min(SIZE - PEN / 2, x));
    const [dx, dy] = by ?? [0, 0];
    const to: Point = [within(at[0] + dx * STEP), within(at[1] + dy * STEP)];
    if (isDown) lineTo(to);
    else at = to;
    canvas.title = `pen ${isDown ? 'down' : 'up'} at ${at.map(Math.round).join(', ')}`;
  });
  return {
    lift() {
      isDown = false;
    },
  };
}

const MOVES: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
