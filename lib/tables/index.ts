export type { Frame } from './frame';
export { historyFrame, pathFrame, summaryFrame } from './frames';
export { htmlTable, isFrame, type TableOptions, textTable } from './table';
