export { checkWorkbook, writeWorkbook } from './folder';
export {
  type Cell,
  type CellMetadata,
  cellText,
  hasTag,
  INSTRUCTOR,
  type NbgraderCell,
  type Notebook,
  notebookText,
  type Output,
  readNotebook,
  sourceLines,
} from './notebook';
export { solution, whyNoSolution } from './solution';
export { CODE_STUB, studentCopy, TEXT_STUB } from './studentCopy';
