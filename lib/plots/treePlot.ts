import { InputError } from '../errors';
import { onOneLine } from './names';
import { readable, rounded } from './numbers';
import { type PlotOptions, type PlotSpec, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

type Edges = Parameters<typeof treePlot>[0];

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A tree as dots and lines, its root in the middle and each next generation on a wider circle. A line
 * is the darker the less it costs, which stands beside it. Lengths mean nothing.
 *
 * @param edges each from a thing that is in the tree before, as `spanningTree` gives them
 * @param options `quantity` is what an edge costs, with its unit
 * @throws InputError when there is no edge, or one begins nowhere
 * @example
 * ```ts
 * const edges = spanningTree([[0, 1, 4], [1, 0, 2], [4, 2, 0]]);
 * await display(treePlot(edges, { quantity: 'barrier (nats)' }));
 * ```
 */
export function treePlot(
  edges: readonly { readonly from: number; readonly to: number; readonly cost: number }[],
  { quantity, title = quantity, description }: PlotOptions & { readonly quantity: string },
): PlotSpec {
  if (edges.length === 0) throw new InputError('treePlot: no edges; give at least one');
  const told = edges.map(({ from, to, cost }) => `${from + 1} to ${to + 1}: ${readable(cost)}`);
  return {
    $schema: VEGA_LITE,
    description: description ?? `${title}: ${told.join('; ')}.`,
    title: { text: title },
    width: 420,
    height: 420,
    layer: layersOf(edges, quantity),
    config: VEGA_LITE_CONFIG,
  };
}

/** Lines, what they cost, dots, and their names. */
function layersOf(edges: Edges, quantity: string) {
  const places = placesOf(edges);
  const lines = edges.map(({ from, to, cost }) => {
    const [a, b] = [places.get(from)!, places.get(to)!];
    const text = readable(Number(cost.toPrecision(2)));
    const middle = { mx: rounded((a.x + b.x) / 2), my: rounded((a.y + b.y) / 2) };
    return { x: a.x, y: a.y, x2: b.x, y2: b.y, ...middle, cost: rounded(cost), text };
  });
  const dots = [...places].map(([thing, place]) => ({ ...place, name: String(thing + 1) }));
  const reach = 1.15 * Math.max(1, ...dots.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]));
  const along = (field: string) => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [-reach, reach], nice: false },
  });
  const [x, y] = [along('x'), along('y')];
  const color = {
    field: 'cost',
    type: 'quantitative',
    title: onOneLine(quantity),
    scale: { scheme: 'viridis' },
    legend: { orient: 'right' },
  };
  const [x2, y2, text, name] = ['x2', 'y2', 'text', 'name'].map((field) => ({ field }));
  const beside = { fontSize: 11, align: 'left', dx: 6, dy: -6 };
  const dot = { size: 500, opacity: 1, color: 'white', stroke: '#222' };
  return [
    layer(lines, { type: 'rule', strokeWidth: 4 }, { x, y, x2, y2, color }),
    layer(lines, { type: 'text', ...beside }, { x: along('mx'), y: along('my'), text }),
    layer(dots, { type: 'circle', ...dot }, { x, y }),
    layer(dots, { type: 'text', fontSize: 12 }, { x, y, text: name }),
  ];
}

function layer(values: readonly object[], mark: object, encoding: object) {
  return { data: { values }, mark: { ...mark, aria: false }, encoding };
}

/** Each thing on the circle of its generation, in the middle of an angle as wide as its leaves are many. */
function placesOf(edges: Edges): Map<number, Place> {
  const root = edges[0]!.from;
  const ends = [root, ...edges.map(({ to }) => to)];
  const twice = ends.find((thing, k) => ends.indexOf(thing) < k);
  if (twice !== undefined) {
    throw new InputError(`treePlot: two ways lead to ${twice}; give the edges of a tree`);
  }
  const childrenOf = (thing: number) =>
    edges.filter(({ from }) => from === thing).map(({ to }) => to);
  const leavesOf = (thing: number): number =>
    Math.max(
      1,
      childrenOf(thing).reduce((sum, child) => sum + leavesOf(child), 0),
    );
  const places = new Map<number, Place>();
  const put = (thing: number, generation: number, from: number, to: number): void => {
    const angle = (from + to) / 2;
    const [x, y] = [generation * Math.cos(angle), generation * Math.sin(angle)];
    places.set(thing, { x: rounded(x), y: rounded(y) });
    let at = from;
    for (const child of childrenOf(thing)) {
      const share = ((to - from) * leavesOf(child)) / leavesOf(thing);
      put(child, generation + 1, at, at + share);
      at += share;
    }
  };
  put(root, 0, 0, 2 * Math.PI);
  const lost = edges.find(({ from }) => !places.has(from));
  if (lost === undefined) return places;
  throw new InputError(`treePlot: the edge from ${lost.from} to ${lost.to} hangs on nothing`);
}
