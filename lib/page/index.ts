export { NO_PLANE, type ThreePoints } from './contents';
export { pageOf } from './pageOf';
