import { repairWasmClamps } from './clamps';
import { repairWasmConvolution } from './convolution';
import { supplyWasmFilterGradient } from './filterGradient';
import { repairWasmMatMul } from './matMul';
import { repairPooling } from './pooling';

/**
 * Makes tfjs' wasm backend fast and right enough to train on, for all code in the process: the
 * library's, a student's own, tfjs' gradients. Doing it twice changes nothing.
 */
export function repairWasm(): void {
  repairWasmMatMul();
  repairWasmConvolution();
  supplyWasmFilterGradient();
  repairPooling('wasm');
  repairWasmClamps();
}
