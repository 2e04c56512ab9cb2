export { display } from './display';
export { type Lab, type LabSize, openLab } from './lab';
export { progress, track } from './progress';
export { type Result, reuse } from './reuse';
