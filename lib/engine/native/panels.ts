/** Columns of a panel, in which matrices lie for products with few numbers: see assembly/panels.ts. */
export const PANEL = 16;
/** Bytes of a pair of such a product, and rows that go past a panel together. */
export const PAIR = 8;
export const ROWS = 64;

/** So many columns in whole panels. */
export const inPanels = (columns: number) => Math.ceil(columns / PANEL) * PANEL;
