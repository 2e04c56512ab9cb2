import { randomUUID } from 'node:crypto';
import type { Comm, CommMessage, Comms } from '../comms';
import { runningKernel } from '../kernel';
import { type BufferPath, putBuffers, takeBuffers } from './buffers';
import { latest } from './latest';

/**
 * The kernel's side of Jupyter's widgets: models whose state the front end shares and shows.
 * https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */

const TARGET = 'jupyter.widget';
const CONTROL = 'jupyter.widget.control';
const VERSION = '2.1.0';
const CONTROL_VERSION = '1.0.0';
const VIEW = 'application/vnd.jupyter.widget-view+json';

/** The name under which an object says how a notebook shows it. */
export const DISPLAY = Symbol.for('Jupyter.display');

export type State = Readonly<Record<string, unknown>>;
export type Bundle = Readonly<Record<string, unknown>>;

/** A model: its state is the same here and in every front end. */
export interface Model {
  /** By which another model's state refers to this one. */
  readonly reference: string;
  get(name: string): unknown;
  /** Changes the state here and in the front ends. */
  set(changes: State): void;
  /**
   * Calls back when a front end has changed the state: with the latest, one call at a time, in the
   * name of the cell that gives the callback.
   */
  onChange(callback: (state: State) => unknown): void;
  /** Calls back for what the model's front end sends besides its state. */
  onMessage(callback: (content: unknown, buffers: readonly Uint8Array[]) => unknown): void;
  /** Shown where widgets are; elsewhere what `instead` gives. */
  [DISPLAY](): Promise<Bundle>;
}

export interface Options {
  /** What is shown where there are no widgets: in an exported notebook, in other front ends. */
  readonly instead?: () => Bundle | Promise<Bundle>;
}

/** Of all models, for a front end that connects when they are there already. */
const models = new Map<string, () => State>();
const controlled = new WeakSet<Comms>();

/**
 * Makes a model. Its state names the front end's class that shows it: `_model_module`,
 * `_model_module_version`, `_model_name`, and the same of its view. Without a kernel that has
 * comms it is a state that nobody shows.
 */
export function createModel(initial: State, { instead }: Options = {}): Model {
  const comms = runningKernel()?.comms;
  const id = randomUUID();
  const listeners: ((state: State) => Promise<void>)[] = [];
  let state = initial;
  const comm = comms && open(comms, id, state);
  models.set(id, () => state);

  const push = (method: 'update' | 'echo_update', changes: State) => {
    const { state: rest, paths, buffers } = takeBuffers(changes);
    comm?.send({ method, state: rest, buffer_paths: paths }, { buffers });
  };

  const bound = <Given extends unknown[]>(callback: (...given: Given) => unknown) =>
    comms?.bind(callback) ?? (async (...given: Given) => void (await callback(...given)));

  comm?.onMessage(async ({ data, buffers }: CommMessage) => {
    if (data.method === 'request_state') push('update', state);
    if (data.method !== 'update') return;
    const paths = (data.buffer_paths ?? []) as readonly BufferPath[];
    const changes = putBuffers((data.state ?? {}) as State, paths, buffers);
    state = { ...state, ...changes };
    // Told to all front ends, so that they show the same.
    push('echo_update', changes);
    await Promise.all(listeners.map((listener) => listener(state)));
  });
  comm?.onClose(() => models.delete(id));

  return {
    reference: `IPY_MODEL_${id}`,
    get: (name) => state[name],
    set(changes) {
      state = { ...state, ...changes };
      push('update', changes);
    },
    onChange: (callback) => void listeners.push(latest(bound(callback))),
    onMessage(callback) {
      const take = bound(callback);
      comm?.onMessage(({ data, buffers }) =>
        data.method === 'custom' ? take(data.content, buffers) : undefined,
      );
    },
    async [DISPLAY]() {
      const view = { version_major: 2, version_minor: 0, model_id: id };
      const plain = `${initial._model_name}: ${JSON.stringify(state.value ?? null)}`;
      // A page that has closed it has no such model any more.
      return {
        ...(comm && models.has(id) && { [VIEW]: view }),
        'text/plain': plain,
        ...(await instead?.()),
      };
    },
  };
}

function open(comms: Comms, id: string, initial: State): Comm {
  if (!controlled.has(comms)) comms.register(CONTROL, (comm) => control(comm));
  controlled.add(comms);
  const { state, paths, buffers } = takeBuffers(initial);
  const metadata = { version: VERSION };
  return comms.open(TARGET, { state, buffer_paths: paths }, { metadata, buffers }, id);
}

/** Tells all models at once, to a page that was loaded anew. */
function control(comm: Comm): void {
  comm.onMessage(({ data }) => {
    if (data.method !== 'request_states') return;
    const all = Object.fromEntries(
      [...models].map(([id, stateOf]) => {
        const state = stateOf();
        const { _model_name, _model_module, _model_module_version } = state;
        const of = {
          model_name: _model_name,
          model_module: _model_module,
          model_module_version: _model_module_version,
        };
        return [id, { ...of, state }];
      }),
    );
    const { state: states, paths, buffers } = takeBuffers(all);
    const content = { method: 'update_states', states, buffer_paths: paths };
    comm.send(content, { metadata: { version: CONTROL_VERSION }, buffers });
  });
}
