export { checkWorkbook, writeWorkbook } from './folder';
export { solution, whyNoSolution } from './solution';
export { CODE_STUB, studentCopy, TEXT_STUB } from './studentCopy';
