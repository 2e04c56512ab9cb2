export { anywidget } from './anywidget';
export { control, type Slider, type SliderOptions, slider } from './controls';
export { createModel, type Model, type Options, type State } from './model';
