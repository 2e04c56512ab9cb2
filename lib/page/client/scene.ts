import type { PageEngine } from '../engine';
import type { Contents, Header } from '../payload';
import type { Frame, PagePlane, Place } from '../plane';
import type { View } from '../state';

/** All that the page's parts draw from. */
export interface Scene {
  readonly header: Header;
  readonly contents: Contents;
  readonly engine: PageEngine;
  readonly plane: PagePlane;
  readonly frame: Frame;
}

/** The view, who changes it, and who follows. */
export interface Store {
  readonly view: View;
  change(part: Partial<View>): void;
  /** Calls back in the next frame after a change, once for all changes before it. */
  follow(draw: (view: View, before: View | undefined) => void): void;
}

export function makeStore(first: View): Store {
  let view = first;
  let shown: View | undefined;
  let waiting = false;
  const followers: ((view: View, before: View | undefined) => void)[] = [];
  const show = () => {
    waiting = false;
    const before = shown;
    shown = view;
    for (const draw of followers) draw(view, before);
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(show);
    waiting = true;
  };
  return {
    get view() {
      return view;
    },
    change(part) {
      view = { ...view, ...part };
      later();
    },
    follow(draw) {
      followers.push(draw);
      later();
    },
  };
}

/** Size of the drawing over the map. */
export const WIDTH = 900;
export const HEIGHT = 600;

/** A place of the plane in the drawing over the map, and back. */
export function scalesOf({ a, b }: Frame) {
  return {
    x: (place: Place) => ((place.a - a[0]) / (a[1] - a[0])) * WIDTH,
    y: (place: Place) => (1 - (place.b - b[0]) / (b[1] - b[0])) * HEIGHT,
    place: (x: number, y: number): Place => ({
      a: a[0] + (x / WIDTH) * (a[1] - a[0]),
      b: b[0] + (1 - y / HEIGHT) * (b[1] - b[0]),
    }),
  };
}

/** Loss in three digits. */
export function nats(loss: number): string {
  if (!Number.isFinite(loss)) return String(loss);
  return loss < 1e-3 ? loss.toExponential(1) : String(Number(loss.toPrecision(3)));
}

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
