export {
  anywidget,
  control,
  type Slider,
  type SliderOptions,
  slider,
} from '../kernel/widgets';
export type { ThreePoints } from '../page';
export { shortPath } from '../root';
export { display, type LiveDisplay, liveDisplay } from './display';
export { type Lab, type LabSize, openLab } from './lab';
export { landscape } from './landscape';
export { type LivePathOptions, livePath } from './livePath';
export { livePlane } from './livePlane';
export { minimaOfPart1 } from './minimaOfPart1';
export { type Progress, progress, track } from './progress';
export { clearOutput, prompt } from './prompt';
export { type Result, reuse, reuseFigures } from './reuse';
export { chooseNets, savedNets } from './savedNets';
export { type SweepNet, savedSweep } from './savedSweep';
export { showAgain } from './showAgain';
