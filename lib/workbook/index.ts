export {
  type Cell,
  type CellMetadata,
  cellText,
  hasTag,
  type NbgraderCell,
  type Notebook,
  notebookText,
  type Output,
  readNotebook,
  sourceLines,
} from '../ipynb';
export { checkWorkbook, writeWorkbook } from './folder';
export { solution, whyNoSolution } from './solution';
export { CODE_STUB, studentCopy, TEXT_STUB } from './studentCopy';
