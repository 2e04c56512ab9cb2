import { InputError } from '../../errors';
import type { Shape } from '../kind';

function refusal(kind: string, expected: string, shape: Shape, remedy: string): InputError {
  return new InputError(`${kind}: expected ${expected}, got [${shape.join(', ')}]; ${remedy}`);
}

/** @throws InputError unless samples of that shape are images, of three dimensions */
export function imageShape(kind: string, shape: Shape): readonly [number, number, number] {
  const [first, second, third] = shape;
  if (shape.length === 3 && first !== undefined && second !== undefined && third !== undefined) {
    return [first, second, third];
  }
  const remedy = 'put it before flatten or reshape';
  throw refusal(kind, 'images of three dimensions', shape, remedy);
}

/** @throws InputError unless samples of that shape are images [H, W, channels] */
export function requireChannels(kind: string, shape: Shape, channels: number): void {
  if (imageShape(kind, shape)[2] === channels) return;
  const remedy = 'put channelsLast first and match channels';
  throw refusal(kind, `images [H, W, ${channels}]`, shape, remedy);
}

/** @throws InputError unless images of that shape are at least size × size */
export function requireSize(kind: string, shape: Shape, size: number): void {
  const [height, width] = imageShape(kind, shape);
  if (height >= size && width >= size) return;
  throw refusal(
    kind,
    `images of at least ${size} × ${size}`,
    shape,
    'take larger ones or pad them',
  );
}
