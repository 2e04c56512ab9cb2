import type { Network } from '../nn';
import { NO_PLANE, pageOf, type ThreePoints } from '../page';
import type { Datasets } from '../paths';
import { onOneLine } from '../plane/basis';
import { escapeHtml } from '../text';

/** Train images that go into a notebook: half of what a page of its own has. */
const MOST_TRAIN = 2000;
const SAID = 'The plane through two minima and a bend, to be touched';
/** Within the frame, so what a page shows that takes no frames of a notebook that it does not trust. */
const UNTRUSTED = 'it appears once this cell is run, or the notebook is trusted';

/**
 * The plane through w₁, w₂ and θ, to be touched: a ring that is dragged over it tells loss, accuracy
 * and the digits whose label changes; θ is dragged and the chain's losses answer; a network rolls
 * down by SGD, with its distance from the plane; a digit of one's own is called what each point of
 * segment and chain calls it. It is the page that `npm run page` writes, in a frame: it computes in
 * the browser, on 1000 test images and 2000 train images, so it works in JupyterLab, with any kernel
 * or none, and in an exported notebook without a network. It adds 1.5 MB to the notebook.
 *
 *     landscape(network, { w1, w2, theta }, datasets)
 *
 * @param network fully connected, on grey images of bytes
 * @param points three points of its weight space, which stay the caller's and are copied
 * @param datasets the images of which it takes some
 * @returns something that a notebook shows, as a cell's last line or by `display`: the page; where θ
 *   lies on the line through w₁ and w₂, or a submission is graded, a sentence in its place
 * @throws InputError when the native engine has no kernels for the network or the images, or the
 *   structures differ
 * @example
 * ```ts
 * await display(landscape(network, { w1, w2, theta }, datasets));
 * ```
 */
export function landscape(network: Network, points: ThreePoints, datasets: Datasets) {
  const bundle = bundleOf(network, points, datasets);
  return { [Symbol.for('Jupyter.display')]: () => bundle };
}

function bundleOf(network: Network, points: ThreePoints, datasets: Datasets) {
  const { w1, w2, theta } = points;
  if (onOneLine(w1, w2, theta)) return { 'text/plain': NO_PLANE };
  // Nobody drags there, and it would be kept for each student.
  if (process.env.LAB_GRADING_SIZE) return { 'text/plain': SAID };
  const page = escapeHtml(pageOf(network, points, datasets, MOST_TRAIN));
  // A frame that is far away is opened once a reader comes near.
  const style = 'width: 100%; height: 900px; border: 0';
  const opening = `<iframe title="${SAID}" loading="lazy" style="${style}" srcdoc="${page}">`;
  const frame = `${opening}${SAID}: ${UNTRUSTED}</iframe>`;
  return { 'text/html': frame, 'text/plain': `${SAID}: open the notebook in a browser` };
}
