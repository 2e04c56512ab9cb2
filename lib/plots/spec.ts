/** A Vega-Lite v5 or Vega v5 specification: plain JSON, told apart by `$schema`. */
export interface PlotSpec {
  readonly $schema: string;
  /** What the picture shows, in one sentence: its text alternative. The lab's plots all have it. */
  readonly description?: string;
  readonly [property: string]: unknown;
}

/** JupyterLab 4.6 renders these versions and nothing newer; Vega 6 and Vega-Lite 6 do too. */
export const VEGA_LITE = 'https://vega.github.io/schema/vega-lite/v5.json';
export const VEGA = 'https://vega.github.io/schema/vega/v5.json';

/** What a reader may say about any plot. */
export interface PlotOptions {
  readonly title?: string;
  /** The text alternative, one sentence; by default written from the data. */
  readonly description?: string;
}

export function isVegaLite(spec: PlotSpec): boolean {
  return spec.$schema.includes('/vega-lite/');
}

/** What stands for the picture where there is only text. */
export function textAlternative(spec: PlotSpec): string {
  return spec.description ?? `a plot in ${isVegaLite(spec) ? 'Vega-Lite' : 'Vega'}, not described`;
}

/** Whether a value is a Vega or Vega-Lite specification. */
export function isPlotSpec(value: unknown): value is PlotSpec {
  const schema = (value as { $schema?: unknown } | null | undefined)?.$schema;
  return typeof schema === 'string' && /\/schema\/vega(-lite)?\//.test(schema);
}

/** Names of marks that only answer to a pointer begin so; a still picture leaves them out. */
export const POINTER_TARGETS = 'pointer targets';
