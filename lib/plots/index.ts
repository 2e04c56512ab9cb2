export { digitsPicture } from './digits';
export { historyPlot } from './historyPlot';
export { type ExploredPath, pathExplorer } from './pathExplorer';
export { pathPlot, segmentAgainstChain } from './pathPlot';
export { type LabelledPoint, type PlanePlotOptions, planePlot, type Quantity } from './planePlot';
export { isPlotSpec, isVegaLite, type PlotOptions, type PlotSpec, textAlternative } from './spec';
export { renderSvg } from './svg';
export { type PathsOfPair, type SweepOptions, spreadPlot, sweepPathsPlot } from './sweepPlots';
