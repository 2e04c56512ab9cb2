import { type Bundle, createModel, DISPLAY, type Model, type Options, type State } from './model';

const BASE = '@jupyter-widgets/base';
const CONTROLS = '@jupyter-widgets/controls';
const VERSION = '2.0.0';

/** What names a model's class and its view's in the front end. */
function named(module: string, name: string): State {
  return {
    _model_module: module,
    _model_module_version: VERSION,
    _model_name: `${name}Model`,
    _view_module: module,
    _view_module_version: VERSION,
    _view_name: `${name}View`,
  };
}

/**
 * Any of ipywidgets' controls, by its name without `Model`, with the state that differs from its
 * defaults.
 *
 *     const pick = control('Dropdown', { _options_labels: ['a', 'b'], index: 0 });
 *     pick.onChange(({ index }) => console.log(index));
 */
export function control(name: string, state: State = {}, options: Options = {}): Model {
  const layout = createModel(named(BASE, 'Layout')).reference;
  return createModel({ ...named(CONTROLS, name), layout, ...state }, options);
}

/** A slider that stands below its cell. */
export interface Slider {
  /** Where it stands; setting it moves it in the page. */
  value: number;
  /** Calls back when it is moved: while it is dragged, one call at a time, for the latest value. */
  onChange(callback: (value: number) => unknown): void;
  readonly model: Model;
  [DISPLAY](): Promise<Bundle>;
}

export interface SliderOptions {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly value?: number;
  readonly label?: string;
}

/**
 * A slider from `min` to `max`, for the last line of a cell or `display`.
 *
 *     const t = slider({ min: 0, max: 1, step: 0.01, label: 't' });
 *     t.onChange(async (value) => live.show(await lossAt(value)));
 *     t
 */
export function slider({
  min = 0,
  max = 1,
  step = 0.01,
  value = min,
  label = '',
}: SliderOptions = {}): Slider {
  if (!(min <= value && value <= max && step > 0 && Number.isFinite(max - min))) {
    throw new RangeError(
      `slider: expected finite min ≤ value ≤ max and a step above 0, got min ${min}, value ${value}, ` +
        `max ${max}, step ${step}`,
    );
  }
  const style = createModel({
    ...named(CONTROLS, 'SliderStyle'),
    _view_module: BASE,
    _view_name: 'StyleView',
    description_width: 'initial',
  }).reference;
  const readout_format = `.${decimalsOf(step)}f`;
  const given = { min, max, step, value, description: label, style, readout_format };
  const plain = () => `${label === '' ? 'slider' : label}: ${model.get('value')}`;
  const model: Model = control('FloatSlider', given, {
    instead: () => ({ 'text/plain': plain() }),
  });
  return {
    get value() {
      return model.get('value') as number;
    },
    set value(moved) {
      model.set({ value: moved });
    },
    onChange: (callback) => model.onChange(({ value: moved }) => callback(moved as number)),
    model,
    [DISPLAY]: () => model[DISPLAY](),
  };
}

/** As many decimals as a step has: 2 for 0.05. */
function decimalsOf(step: number): number {
  return /\.(\d+)/.exec(step.toFixed(10).replace(/0+$/, ''))?.[1]?.length ?? 0;
}
