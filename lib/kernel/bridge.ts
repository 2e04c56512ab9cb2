/** One output in several formats, by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What code in a cell may ask of the kernel that runs it. */
export interface Bridge {
  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  clearOutput(wait?: boolean): void;
  /** Aborted when the running cell is interrupted. */
  signal(): AbortSignal;
}

const KERNEL = Symbol.for('pathlab.kernel');

/** Offers the kernel to the code of cells. */
export function offerBridge(bridge: Bridge): void {
  (globalThis as { [KERNEL]?: Bridge })[KERNEL] = bridge;
}
