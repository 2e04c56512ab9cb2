import { type Frame, inside, type Place } from './plane';

/** What the reader has chosen; it stands in the page's address. */
export interface View {
  /** The point that is looked at. */
  readonly point: Place;
  /** Where the chain bends. */
  readonly bend: Place;
  /** On which images the losses of map and curves are. */
  readonly set: 'train' | 'test';
}

const DIGITS = 4;

/** The view in an address: `#point=0.5,0.2&bend=0.51,1&images=train`. */
export function addressOf({ point, bend, set }: View): string {
  const place = ({ a, b }: Place) => [a, b].map((x) => Number(x.toFixed(DIGITS))).join(',');
  return `#point=${place(point)}&bend=${place(bend)}&images=${set}`;
}

/**
 * The view that an address names, its places kept within the picture; what it leaves out, or cannot be
 * read, is as in `usual`.
 */
export function viewOf(address: string, usual: View, frame: Frame): View {
  const fields = new Map(
    address
      .replace(/^#/, '')
      .split('&')
      .map((field) => field.split('=', 2) as [string, string]),
  );
  const set = fields.get('images');
  return {
    point: placeIn(fields.get('point'), frame) ?? usual.point,
    bend: placeIn(fields.get('bend'), frame) ?? usual.bend,
    set: set === 'train' || set === 'test' ? set : usual.set,
  };
}

function placeIn(text: string | undefined, frame: Frame): Place | undefined {
  const numbers = (text ?? '').split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) return undefined;
  return inside(frame, { a: numbers[0]!, b: numbers[1]! });
}
