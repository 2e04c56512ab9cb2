/**
 * Comms: messages both ways between the code of cells and the front end, as widgets need them.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */

/** What goes with the data of a message. */
export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Binary data; the receiver has it as it is here, not as JSON. */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

export type CommData = Readonly<Record<string, unknown>>;

/** A message from the front end. */
export interface CommMessage {
  readonly data: CommData;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** One line to the front end, opened by either side. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: CommData, extras?: CommExtras): void;
  close(data?: CommData): void;
  /** The kernel counts as busy until what the callback gives has settled. */
  onMessage(callback: (message: CommMessage) => unknown): void;
  onClose(callback: (message: CommMessage) => unknown): void;
}

/** What code in a kernel can do with comms: `globalThis[Symbol.for('Jupyter.kernel')].comms`. */
export interface Comms {
  /** Opens a comm to what the front end knows by the name of the target. */
  open(target: string, data: CommData, extras?: CommExtras, id?: string): Comm;
  /** Says who takes the comms that a front end opens to a target; the last to say so does. */
  register(target: string, take: (comm: Comm, message: CommMessage) => unknown): void;
  /**
   * Ties a callback to the cell that runs now: what it prints stands below that cell, and so does
   * its failure, which goes no further.
   */
  bind<Given extends unknown[]>(
    callback: (...given: Given) => unknown,
  ): (...given: Given) => Promise<void>;
}
