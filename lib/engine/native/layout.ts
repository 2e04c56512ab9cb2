import type { StateDict } from '../../weights';

/** How a plan's weights lie in the kernels' memory. */
export interface Layout {
  /** Floats that an optimizer moves, and those with what lies behind them. */
  readonly size: number;
  readonly whole: number;
  /** The names of the tensors that it moves. */
  readonly names: readonly string[];
  /** Writes a state dict's values at `address`; 0 for a tensor it lacks. */
  pack(stateDict: StateDict, address: number): void;
  /** What is moved, from `address`. The caller disposes it. */
  unpack(address: number): StateDict;
}
