export { TEXT_STUB } from '../errors';
export { checkWorkbook, writeWorkbook } from './folder';
export { solution, whyNoSolution } from './solution';
export { CODE_STUB, studentCopy } from './studentCopy';
