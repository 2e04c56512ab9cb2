import assert from 'node:assert/strict';
import type { Comm, CommData, CommMessage, Comms } from 'typescript-notebook-kernel';
import { initialize } from '../../lib/nn';
import { livePath, livePlane } from '../../lib/notebook';
import { mimeBundle } from '../../lib/notebook/display';
import { evaluatePath, line, linspace } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { pathPlot } from '../../lib/plots';
import { readable } from '../../lib/plots/numbers';
import { toyNetwork as network, toyDataset } from '../toy';

const KERNEL = Symbol.for('Jupyter.kernel');
const VIEW = 'application/vnd.jupyter.widget-view+json';
const holder = globalThis as { [KERNEL]?: { comms: Comms } };

/** A front end that keeps what it is told of each model, and can change one. */
function fakeFrontEnd() {
  const models = new Map<string, Record<string, unknown>>();
  const hear = new Map<string, ((message: CommMessage) => unknown)[]>();
  const bind: Comms['bind'] =
    (callback) =>
    async (...given) =>
      void (await callback(...given));
  const open: Comms['open'] = (target, data, _, id = '') => {
    models.set(id, { ...(data.state as object) });
    hear.set(id, []);
    const send = ({ state }: CommData) => void Object.assign(models.get(id)!, state);
    const onMessage: Comm['onMessage'] = (callback) => void hear.get(id)!.push(callback);
    return { id, target, send, close: () => undefined, onMessage, onClose: () => undefined };
  };
  const comms: Comms = { open, bind, register: () => undefined };
  const find = (name: string) => [...models].find(([, model]) => model._model_name === name)!;
  return {
    comms,
    model: (name: string) => find(name)[1],
    reference: (name: string) => `IPY_MODEL_${find(name)[0]}`,
    async change(name: string, state: CommData) {
      const message = { data: { method: 'update', state }, metadata: {}, buffers: [] };
      for (const callback of hear.get(find(name)[0])!) await callback(message);
    },
  };
}

describe('what is evaluated while it is dragged', () => {
  const datasets = { train: toyDataset(40, 1), test: toyDataset(20, 2) };
  const [a, b, c] = [1, 2, 3].map((seed) => initialize(network, seed)) as [never, never, never];
  const segment = line(b, a);
  afterEach(() => delete holder[KERNEL]);

  const plotted = async () =>
    pathPlot({ segment: await evaluatePath(network, segment, linspace(0, 1, 3), datasets) });

  it('livePath tells what evaluatePath gives where the slider stands, and all points so far', async () => {
    const page = fakeFrontEnd();
    holder[KERNEL] = { comms: page.comms };
    await livePath(network, { segment }, datasets, { from: -1, to: 2, instead: await plotted() });
    assert.deepEqual(
      [page.model('FloatSliderModel').min, page.model('FloatSliderModel').value],
      [-1, 0.5],
    );
    for (const t of [0.3, 1.75]) {
      await page.change('FloatSliderModel', { value: t });
      const { trainLoss, testAcc } = await evaluatePath(network, segment, [t], datasets);
      const shown = String(page.model('HTMLModel').value);
      assert.ok(shown.includes(`at t = ${t}: train loss ${readable(trainLoss[0]!)} nats`), shown);
      assert.ok(shown.includes(`accuracy ${readable(testAcc[0]!)}</div><svg`), shown);
    }
    assert.deepEqual(
      page.model('VBoxModel').children,
      ['FloatSliderModel', 'HTMLModel'].map(page.reference),
    );
  });

  it('livePlane tells what evaluateGrid gives under the pointer', async () => {
    const page = fakeFrontEnd();
    holder[KERNEL] = { comms: page.comms };
    const basis = orthogonalBasis(a, b, c);
    const rectangle = { aRange: [0, 1], bRange: [-1, 1], nx: 3, ny: 3 } as const;
    const grid = await evaluateGrid(network, basis, rectangle, datasets);
    const drawing = { points: [], lengths: basis.lengths };
    await livePlane(network, basis, grid, drawing, datasets);
    const { across, up } = page.model('AnyModel');
    assert.deepEqual(
      [across, up],
      [
        [0, 1],
        [-1, 1],
      ],
    );
    // At a corner of the grid, so that the right value is one of the grid's own.
    await page.change('AnyModel', { at: { a: 1, b: -1 } });
    const loss = readable(grid.trainLoss[0]![2]!);
    assert.ok(String(page.model('AnyModel').told).startsWith(`a = 1, b = -1: train loss ${loss} `));
  });

  it('is the picture alone where there are no widgets', async () => {
    const instead = await plotted();
    const model = await livePath(network, { segment }, datasets, { instead });
    const bundle: Readonly<Record<string, unknown>> = await mimeBundle(model);
    assert.ok(!(VIEW in bundle));
    assert.match(String(bundle['image/svg+xml']), /^<svg/);
    assert.ok('application/vnd.vegalite.v5+json' in bundle);
  });

  it('refuses no paths, and a slider of no length', async () => {
    const instead = await plotted();
    await assert.rejects(livePath(network, {}, datasets, { instead }), /livePath: no paths/);
    await assert.rejects(
      livePath(network, { segment }, datasets, { from: 1, to: 1, instead }),
      /livePath: expected from < to, got 1 and 1/,
    );
  });
});
