/**
 * A table of named columns, as danfo's `DataFrame` and `Series` are. What the lab makes is a `DataFrame`
 * and can do all of what danfo's can: `frame as DataFrame`, by `import type { DataFrame } from
 * 'danfojs-node'`. Danfo's own type would pass for anything, a plot's figures too.
 */
export interface Frame {
  /** Rows and columns; of a series the rows alone. */
  readonly shape: readonly number[];
  readonly columns: readonly string[];
  /** A name for each row, by default 0, 1, 2, … */
  readonly index: readonly (string | number)[];
  /** The rows, each with a cell for each column; of a series the cells. */
  readonly values:
    | readonly (number | string | boolean)[]
    | readonly (readonly (number | string | boolean)[])[];
  readonly $isSeries: boolean;
  /** The first rows, by default 5. */
  head(rows?: number): Frame;
  /** The last rows, by default 5. */
  tail(rows?: number): Frame;
  /** Prints the first rows to the console. */
  print(): void;
}
