export type { ThreePoints } from './contents';
export { pageOf } from './pageOf';
