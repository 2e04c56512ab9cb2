import { addTold, curvesPicture, type LiveCurves } from '../lib/notebook/liveCurves';
import { REDRAW_MS } from '../lib/notebook/progress';

/**
 * `npx tsx bench/liveCurves.ts`: what the curves under a bar cost a training of 100 epochs, in
 * processor time of the kernel: a drawing, ready to be sent, and as many as a bar makes at the most.
 * What sending it and the page's own drawing take is not in it.
 */
const DRAWINGS = 3000;
const curves: LiveCurves = new Map();
for (let epoch = 1; epoch <= 100; epoch++) {
  addTold(curves, 'a training', { epoch, loss: 1 / epoch, accuracy: 1 - 0.1 / epoch });
}
const draw = () => JSON.stringify({ 'text/html': curvesPicture(curves) });
// The first are slower, before the machine has compiled them.
for (let i = 0; i < 200; i++) draw();
const before = process.cpuUsage();
for (let i = 0; i < DRAWINGS; i++) draw();
const { user, system } = process.cpuUsage(before);
const milliseconds = (user + system) / 1000 / DRAWINGS;
const share = (100 * milliseconds) / REDRAW_MS;
console.log(`${milliseconds.toFixed(2)} ms a drawing, ${share.toFixed(2)} % of a core at the most`);
