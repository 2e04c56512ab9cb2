/** A code cell with its outputs. */
export const code = (source: string, ...outputs: object[]) => ({
  id: 'a-cell',
  cell_type: 'code',
  metadata: {},
  source,
  outputs: outputs as never[],
});
