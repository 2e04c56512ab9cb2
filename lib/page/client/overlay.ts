import type { Place } from '../plane';
import { draw, element, set } from './dom';
import { makeHandle } from './handles';
import { HEIGHT, type Scene, type Store, scalesOf, WIDTH } from './scene';

/** A line on the map that is seen on every colour: dark below, and its own colour above. */
export function makeTrail(parent: Element, colour: string, width: number, dashes = 'none') {
  const common = { fill: 'none', 'stroke-linejoin': 'round', 'stroke-linecap': 'round' } as const;
  const below = draw(parent, 'polyline', {
    ...common,
    stroke: '#000',
    'stroke-opacity': 0.45,
    'stroke-width': width + 2.5,
  });
  const above = draw(parent, 'polyline', {
    ...common,
    stroke: colour,
    'stroke-width': width,
    'stroke-dasharray': dashes,
  });
  return (points: string) => {
    for (const line of [below, above]) set(line, { points });
  };
}

/** The chain, the segment, the points, and what is dragged. */
export function followOverlay(scene: Scene, store: Store, roll: () => void): SVGGElement {
  const svg = draw(element('map'), 'svg', {
    id: 'overlay',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'group',
    'aria-label': 'The loss on the plane, with two points to move',
  });
  const scales = scalesOf(scene.frame);
  const at = (place: Place) => `${scales.x(place).toFixed(1)},${scales.y(place).toFixed(1)}`;
  const [w1, w2] = [
    { a: 0, b: 0 },
    { a: 1, b: 0 },
  ];
  makeTrail(svg, '#fff', 2, '3 7')(`${at(w1)} ${at(w2)}`);
  const chain = makeTrail(svg, '#fff', 3);
  const trails = draw(svg, 'g');
  const { theta } = scene.plane;
  draw(svg, 'circle', {
    cx: scales.x(theta),
    cy: scales.y(theta),
    r: 5,
    fill: 'none',
    stroke: '#fff',
    'stroke-width': 1.5,
  });
  mark(svg, 'w₁', scales.x(w1), scales.y(w1));
  mark(svg, 'w₂', scales.x(w2), scales.y(w2));
  const bend = makeHandle(svg, scene, {
    name: 'The bend θ',
    className: 'bend',
    get: () => store.view.bend,
    move: (place) => store.change({ bend: place }),
  });
  draw(bend.group, 'circle', { r: 15, fill: '#fff', stroke: '#000', 'stroke-opacity': 0.5 });
  const theTheta = { 'text-anchor': 'middle', dy: '0.34em', 'font-size': 21, 'font-weight': 600 };
  draw(bend.group, 'text', { ...theTheta, style: 'fill:#111' }, 'θ');
  const point = makeHandle(svg, scene, {
    name: 'The ring',
    className: 'point',
    get: () => store.view.point,
    move: (place) => store.change({ point: place }),
    enter: roll,
  });
  draw(point.group, 'circle', { r: 14, fill: 'none', stroke: '#000', 'stroke-width': 7 });
  draw(point.group, 'circle', { r: 14, fill: 'none', stroke: '#fff', 'stroke-width': 4 });
  draw(point.group, 'circle', { r: 3, fill: '#fff', stroke: '#000' });
  svg.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const onBend = event.target instanceof Element && event.target.closest('.bend') !== null;
    (onBend ? bend : point).drag(event);
  });
  store.follow((view) => {
    chain(`${at(w1)} ${at(view.bend)} ${at(w2)}`);
    bend.show(view.bend);
    point.show(view.point);
  });
  return trails;
}

function mark(svg: Element, name: string, x: number, y: number): void {
  draw(svg, 'circle', { cx: x, cy: y, r: 6, fill: '#fff', stroke: '#000', 'stroke-opacity': 0.6 });
  const text = {
    x,
    y: y + 30,
    'text-anchor': 'middle',
    'font-size': 21,
    'font-weight': 600,
    'paint-order': 'stroke',
    style: 'fill:#fff;stroke:#000;stroke-opacity:.55;stroke-width:4px',
  };
  draw(svg, 'text', text, name);
}
