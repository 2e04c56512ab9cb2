import { BATCH, MOMENTUM, RATE } from '../descent';
import { openEngine } from '../engine';
import { type Contents, type Header, splitArrays } from '../payload';
import { frameOf, planeThrough } from '../plane';
import { addressOf, type View, viewOf } from '../state';
import { followCurve } from './curve';
import { element } from './dom';
import { followHere } from './here';
import { followNotebook } from './notebook';
import { followOverlay } from './overlay';
import { followOwnDigit } from './own';
import { followRelief } from './relief';
import { makeRolling } from './rolling';
import { makeStore, type Scene, type Store } from './scene';

/** The page: reads what it holds, opens the engine on it, and has each part follow the view. */
async function start(): Promise<void> {
  followNotebook();
  const header = JSON.parse(element('header').textContent) as Header;
  const contents = splitArrays(header, await readArrays());
  const engine = openEngine(await WebAssembly.compile(codeOf(contents)), contents);
  const plane = planeThrough(...contents.anchors);
  const scene: Scene = { header, contents, engine, plane, frame: frameOf(plane) };
  const usual = { point: { a: 0.5, b: 0 }, bend: plane.theta, set: 'train' } as const;
  const store = makeStore(viewOf(location.hash, usual, scene.frame));
  const rolling = makeRolling(scene, store);
  rolling.drawOn(followOverlay(scene, store, rolling.toggle));
  followHere(scene, store);
  followCurve(scene, store);
  followOwnDigit(scene, store);
  followRelief(scene, store);
  followControls(scene, store, rolling.toggle);
  keepAddress(scene, store, usual);
  tellAbout(scene);
}

/** The arrays behind the header: gzipped, in base64. */
async function readArrays(): Promise<Uint8Array> {
  const text = atob(element('arrays').textContent.trim());
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** In a buffer of its own, as compiling wants it. */
const codeOf = ({ kernels }: Contents) => Uint8Array.from(kernels);

function followControls({ plane }: Scene, store: Store, roll: () => void): void {
  element('roll').addEventListener('click', roll);
  element('home').addEventListener('click', () => store.change({ bend: plane.theta }));
  const choices = document.querySelectorAll<HTMLInputElement>('input[name=set]');
  for (const choice of choices) {
    const set = choice.value === 'test' ? 'test' : 'train';
    choice.addEventListener('change', () => store.change({ set }));
  }
  store.follow((view) => {
    for (const choice of choices) choice.checked = choice.value === view.set;
  });
}

/** The address follows the view once it rests, and the view an address that is typed. */
function keepAddress({ frame }: Scene, store: Store, usual: View): void {
  // Within a notebook's cell there is no address to keep.
  if (location.protocol === 'about:') return;
  let resting: ReturnType<typeof setTimeout> | undefined;
  store.follow((view) => {
    clearTimeout(resting);
    resting = setTimeout(() => history.replaceState(null, '', addressOf(view)), 200);
  });
  addEventListener('hashchange', () => store.change(viewOf(location.hash, usual, frame)));
}

function tellAbout({ header, engine, plane }: Scene): void {
  const { train, test } = engine.sets;
  element('about').textContent =
    `All is computed in this page, by the lab's WebAssembly on one thread; nothing is loaded. ` +
    `Losses are over ${train.samples} train images and ${test.samples} test images of ${header.name}; ` +
    `the rolling network learns by SGD from ${header.trainSamples} train images, ` +
    `batches of ${BATCH}, rate ${RATE}, momentum ${MOMENTUM}. Up and across have the same scale: ` +
    `|û| = ${plane.lengths.u.toFixed(1)}, |v̂| = ${plane.lengths.v.toFixed(1)}. ` +
    'The small circle is where SGD put θ.';
}

start().catch((error: unknown) => {
  const said = error instanceof Error ? error.message : String(error);
  element('about').textContent = `This page could not start: ${said}.`;
  throw error;
});
