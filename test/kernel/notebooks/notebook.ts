/** Cells, in order, each with what it gives: a value as Node prints it ('' for none), or an error. */
export type Notebook = readonly (readonly [code: string, expected: string | RegExp])[];
export type Notebooks = Readonly<Record<string, Notebook>>;
