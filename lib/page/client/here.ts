import type { View } from '../state';
import { element, paint } from './dom';
import { nats, percent, type Scene, type Store } from './scene';

/** Digits that are shown at the most. */
const MOST_DIGITS = 21;
/** Milliseconds of rest after which a screen reader is told. */
const REST = 400;

/** Loss and accuracy at the ring, and the test images whose label is another than at w₁. */
export function followHere(scene: Scene, store: Store): void {
  const { engine, plane, header, contents } = scene;
  const { train, test } = engine.sets;
  element('train-name').textContent = `${train.samples} train images`;
  element('test-name').textContent = `${test.samples} test images`;
  const [atW1] = engine.labels(test, [plane.weightsAt({ a: 0, b: 0 })]);
  const show = digitsIn(element('changed'), header.shape);
  const pixels = header.shape[0] * header.shape[1];
  let resting: ReturnType<typeof setTimeout> | undefined;
  store.follow((view, before) => {
    if (before?.point === view.point) return;
    const point = [plane.weightsAt(view.point)];
    for (const [name, set] of Object.entries(engine.sets)) {
      const { loss, accuracy } = engine.evaluate(set, point)[0]!;
      fill(`${name}-loss`, loss, nats(loss));
      fill(`${name}-accuracy`, accuracy, percent(accuracy));
    }
    const labels = engine.labels(test, point)[0]!;
    const changed = [...labels.keys()].filter((i) => labels[i] !== atW1![i]);
    const many = changed.length === 1 ? 'label is' : 'labels are';
    element('changed-count').textContent =
      `${changed.length} of ${test.samples} test ${many} other than w₁'s` +
      (changed.length > MOST_DIGITS ? `; ${MOST_DIGITS} of them:` : changed.length > 0 ? ':' : '.');
    show(
      changed.slice(0, MOST_DIGITS).map((i) => ({
        image: contents.test.pixels.subarray(i * pixels, (i + 1) * pixels),
        before: atW1![i]!,
        now: labels[i]!,
        right: contents.test.labels[i]!,
      })),
    );
    clearTimeout(resting);
    resting = setTimeout(() => say(view), REST);
  });
}

/** A figure in few digits, with all of them beside it. */
function fill(id: string, value: number, text: string): void {
  const cell = element(id);
  cell.textContent = text;
  cell.dataset.value = String(value);
}

/** Told once when the ring has come to rest, else a screen reader would never end. */
function say({ point }: View): void {
  const figures = ['train-loss', 'test-accuracy'].map((id) => element(id).textContent);
  element('live').textContent =
    `a = ${point.a.toFixed(2)}, b = ${point.b.toFixed(2)}: train loss ${figures[0]} nats, ` +
    `test accuracy ${figures[1]}; ${element('changed-count').textContent}`;
}

interface Changed {
  readonly image: Uint8Array;
  readonly before: number;
  readonly now: number;
  /** What the digit is. */
  readonly right: number;
}

/** Small pictures with the label before and now, which are drawn anew only where they change. */
function digitsIn(parent: Element, [height, width]: readonly [number, number]) {
  const figures: { readonly figure: HTMLElement; readonly key: string }[] = [];
  return (digits: readonly Changed[]) => {
    digits.forEach((digit, k) => {
      const key = `${digit.image.byteOffset} ${digit.before} ${digit.now}`;
      if (figures[k]?.key === key) return;
      const figure = picture(digit, height, width);
      figures[k]?.figure.remove();
      parent.insertBefore(figure, parent.children[k] ?? null);
      figures[k] = { figure, key };
    });
    for (const { figure } of figures.splice(digits.length)) figure.remove();
  };
}

function picture({ image, before, now, right }: Changed, height: number, width: number) {
  const figure = document.createElement('figure');
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  paint(canvas, image);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `A ${right}: ${before} at w₁, ${now} here`);
  const caption = document.createElement('figcaption');
  for (const [text, label] of [
    [`${before}`, before],
    [`${now}`, now],
  ] as const) {
    const span = document.createElement('span');
    span.textContent = `${text}${label === right ? ' ✓' : ''}`;
    span.className = label === right ? 'right' : 'wrong';
    caption.append(...(caption.childElementCount > 0 ? [' → '] : []), span);
  }
  figure.append(canvas, caption);
  return figure;
}
