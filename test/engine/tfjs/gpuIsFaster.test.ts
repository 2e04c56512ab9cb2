import assert from 'node:assert/strict';
import { type Calibration, gpuIsFaster } from '../../../lib/engine/tfjs/webgpu/installed';

describe('the GPU is taken unasked', () => {
  const adapter = { name: 'a card', isSoftware: false };
  const stepMs = { webgpu: 50, wasm: 300 };
  for (const [what, calibration, taken] of [
    ['where it was faster than what computes else', { adapter, stepMs }, true],
    ['not where it was slower', { adapter, stepMs: { webgpu: 301, wasm: 300 } }, false],
    ['not where it was not measured beside it', { adapter, stepMs: { webgpu: 50 } }, false],
    ['not where it is software', { adapter: { ...adapter, isSoftware: true }, stepMs }, false],
    ['not where there is none', { stepMs: {} }, false],
  ] as [string, Calibration, boolean][]) {
    it(what, () => assert.equal(gpuIsFaster(calibration, 'wasm'), taken));
  }
});
