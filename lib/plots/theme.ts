/**
 * Plots are dark type on a white card, so they read the same in a light or dark JupyterLab, on
 * the web and on paper. Type is at least 11 pixels.
 */
export const FONT = 'sans-serif';
export const CARD = { background: 'white', padding: 12 } as const;

/** On a dark page: light and dark change places, hues stay. The card's white becomes nearly black. */
export const DARK_PLOT = 'filter: invert(0.93) hue-rotate(180deg);';

const INK = '#222';
const GRID = '#e4e4e4';

export const AXIS = {
  labelFont: FONT,
  labelFontSize: 11,
  labelColor: INK,
  titleFont: FONT,
  titleFontSize: 12,
  titleFontWeight: 'normal',
  titleColor: INK,
  titlePadding: 8,
  domainColor: '#888',
  tickColor: '#888',
  gridColor: GRID,
} as const;

export const LEGEND = {
  labelFont: FONT,
  labelFontSize: 12,
  labelColor: INK,
  titleFont: FONT,
  titleFontSize: 12,
  titleFontWeight: 'bold',
  titleColor: INK,
} as const;

export const TITLE = {
  font: FONT,
  fontSize: 15,
  color: INK,
  anchor: 'start',
  subtitleFont: FONT,
  subtitleFontSize: 12,
  subtitleColor: '#555',
  subtitlePadding: 4,
  offset: 12,
} as const;

export const VEGA_LITE_CONFIG = {
  ...CARD,
  font: FONT,
  axis: AXIS,
  // Below the panels, where it covers no data however many modes there are.
  legend: {
    ...LEGEND,
    orient: 'bottom',
    direction: 'vertical',
    labelLimit: 400,
    layout: { margin: 28 },
  },
  title: TITLE,
  view: { stroke: '#ccc' },
  concat: { spacing: 28 },
} as const;
