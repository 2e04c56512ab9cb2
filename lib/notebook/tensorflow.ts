import './tensors';
import { LayersModel } from '@tensorflow/tfjs';
import { cellSignal } from '../cancellation';

/** For cells that mention TensorFlow.js: tensors that print well, and trainings that an interrupt ends. */

// The library knows nothing of interrupts: a model would train on, and refuse to be trained anew.
for (const name of ['fit', 'fitDataset'] as const) {
  const original = LayersModel.prototype[name] as (...given: unknown[]) => Promise<unknown>;
  Object.defineProperty(LayersModel.prototype, name, {
    configurable: true,
    writable: true,
    async value(this: LayersModel, ...given: unknown[]) {
      const signal = cellSignal();
      const stop = () => {
        this.stopTraining = true;
      };
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await original.apply(this, given);
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
  });
}
