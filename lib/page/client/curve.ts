import { onChain, onSegment, type Place } from '../plane';
import type { View } from '../state';
import { makeChart } from './chart';
import { element, set } from './dom';
import { nats, type Scene, type Store } from './scene';

/** Points along segment and chain; odd, so that one of them is θ. */
const POINTS = 61;
export const TS = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1));

/** The loss along the segment and along the chain, which answers when θ is dragged. */
export function followCurve({ engine, plane }: Scene, store: Store): void {
  const svg = element<SVGSVGElement>('curve');
  const chart = makeChart(svg, { height: 240, title: 'loss (nats)', across: 't', log: true });
  const [segment, chain] = [chart.curve('--segment', '7 5'), chart.curve('--chain')];
  const lossesAt = (places: readonly Place[], images: View['set']) =>
    engine.evaluate(engine.sets[images], places.map(plane.weightsAt)).map(({ loss }) => loss);
  let straight: number[] = [];
  store.follow((view, before) => {
    if (before?.set !== view.set) straight = lossesAt(TS.map(onSegment), view.set);
    if (before?.set === view.set && before.bend === view.bend) return;
    const places = TS.map((t) => onChain(view.bend, t));
    const bent = lossesAt(places, view.set);
    const logs = (losses: readonly number[]) => losses.map((x) => Math.log10(Math.max(x, 1e-9)));
    const heights = [...logs(straight), ...logs(bent)];
    const scale = chart.frame(1, Math.min(...heights) - 0.1, Math.max(...heights) + 0.1);
    const pointsOf = (losses: readonly number[]) =>
      logs(losses).map((height, i) => [scale.x(TS[i]!), scale.y(height)] as const);
    segment(pointsOf(straight));
    chain(pointsOf(bent));
    tell(straight, bent, svg);
  });
}

function tell(straight: readonly number[], bent: readonly number[], svg: Element): void {
  const [ridge, most] = [Math.max(...straight), Math.max(...bent)];
  const times = ridge / most;
  const compared =
    times >= 1
      ? `${times.toPrecision(2)} times lower`
      : `${(1 / times).toPrecision(2)} times higher`;
  const said =
    `Largest loss: ${nats(ridge)} on the segment (dashed), ${nats(most)} on the chain, ` +
    `${compared}.`;
  const told = element('curve-told');
  told.textContent = said;
  told.dataset.value = String(bent.reduce((sum, loss) => sum + loss, 0) / bent.length);
  set(svg, { 'aria-label': `Loss along segment and chain. ${said}` });
}
