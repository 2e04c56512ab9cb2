import { anywidget, type Model } from '../kernel/widgets';
import type { Network } from '../nn';
import type { Datasets } from '../paths';
import { evaluateGrid, type Grid, type Plane, type PlanePoint } from '../plane';
import { type PlanePlotOptions, planePlot, renderSvg } from '../plots';
import { readable } from '../plots/numbers';
import { mimeBundle } from './display';
import { tellPoint } from './livePath';

/**
 * The picture of a plane whose points are evaluated under the pointer: the engine says what the
 * loss is just there, on all of train and test, between the grid's points too. Of the places that
 * the pointer passes while one is evaluated, only the last is.
 *
 *     await livePlane(network, plane, grid, drawing, datasets)
 *
 * Where there are no widgets it is the picture alone. The plane's weights must live as long as it.
 *
 * @example
 * ```ts
 * // in a notebook
 * const basis = orthogonalBasis(w1, w2, theta);
 * const grid = await evaluateGrid(network, basis, { aRange: [-1, 2], bRange: [-1, 2], nx: 4, ny: 4 }, datasets);
 * await livePlane(network, basis, grid, { points: [], lengths: basis.lengths, quantity: 'trainLoss' }, datasets);
 * ```
 */
export async function livePlane(
  network: Network,
  plane: Plane,
  grid: Grid,
  drawing: PlanePlotOptions,
  datasets: Datasets,
): Promise<Model> {
  const plot = planePlot(grid, drawing);
  const fallback = await mimeBundle(plot);
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];
  const picture = anywidget(
    FRONT,
    { svg: await renderSvg(plot), across: ends(grid.as), up: ends(grid.bs), at: null, told: ASK },
    { instead: () => fallback },
  );
  picture.onChange(async ({ at }) => {
    const { a, b } = at as PlanePoint;
    const spot = { aRange: [a, a], bRange: [b, b], nx: 1, ny: 1 } as const;
    const { trainLoss, trainAcc, testLoss, testAcc } = await evaluateGrid(
      network,
      plane,
      spot,
      datasets,
    );
    const [[loss], [acc], [lossOnTest], [accOnTest]] = [trainLoss, trainAcc, testLoss, testAcc].map(
      ([row]) => row,
    ) as [[number], [number], [number], [number]];
    const told = tellPoint({
      trainLoss: loss,
      trainAcc: acc,
      testLoss: lossOnTest,
      testAcc: accOnTest,
    });
    picture.set({ told: `a = ${readable(a)}, b = ${readable(b)}: ${told}` });
  });
  return picture;
}

const ASK = 'move the pointer over the plane';

/** In the page: the picture, the place under the pointer, and what the kernel says of it. */
const FRONT = `
export default {
  render({ model, el }) {
    const picture = document.createElement('div');
    picture.innerHTML = model.get('svg');
    const told = document.createElement('div');
    const tell = () => { told.textContent = model.get('told'); };
    model.on('change:told', tell);
    tell();
    el.append(picture, told);
    picture.addEventListener('pointermove', ({ clientX, clientY }) => {
      const frame = picture.querySelector('.role-frame > g > .background').getBoundingClientRect();
      const x = (clientX - frame.left) / frame.width;
      const y = (frame.bottom - clientY) / frame.height;
      if (x < 0 || x > 1 || y < 0 || y > 1) return;
      const between = ([from, to], share) => from + share * (to - from);
      model.set('at', { a: between(model.get('across'), x), b: between(model.get('up'), y) });
      model.save_changes();
    });
  },
};
`;
