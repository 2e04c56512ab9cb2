import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Network } from '../nn';
import type { Datasets } from '../paths';
import { builtFile } from '../root';
import { contentsOf, type ThreePoints } from './contents';
import { joinArrays } from './payload';
import { TEMPLATE } from './template';

/**
 * One HTML file that shows the plane through w₁, w₂ and θ and computes on it wherever it is opened,
 * without a network: see docs/page.md.
 *
 * @param mostTrain train images that it takes along at the most; of test images it takes 1000
 * @throws InputError when the native engine has no kernels for the network or the images, or the
 *   points lie on one line
 */
export function pageOf(
  network: Network,
  points: ThreePoints,
  datasets: Datasets,
  mostTrain: number,
): string {
  const { header, contents } = contentsOf(network, points, datasets, mostTrain);
  const arrays = gzipSync(joinArrays(contents)).toString('base64');
  // `<` may not stand in a script that is data; JSON has another way to write it.
  const told = JSON.stringify(header).replaceAll('<', '\\u003c');
  return readFileSync(builtFile(TEMPLATE), 'utf8')
    .replace('/* header */', () => told)
    .replace('/* arrays */', () => arrays);
}
