import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../../errors';
import { supplyBatchNorm } from './batchNorm';
import { supplyConvolutions } from './convolution';
import { supplyCrossEntropy } from './crossEntropy';
import { describe, loadDawn, openDevice } from './device';
import { supplyElementwise, supplyRelu } from './elementwise';
import { supplyFilterGradient } from './filterGradient';
import { repairFunctions } from './functions';
import { type Adapter, gpuStamp, installedGpu } from './installed';
import { repairMaxPooling } from './pooling';
import { readSynchronously, type WebGPUBackend } from './readSync';
import { supplySums } from './sums';
import { supplyTranspose } from './transpose';
import { supplyUpdate } from './update';
import { uploadQuickly } from './upload';

interface BackendPackage {
  readonly WebGPUBackend: new (device: unknown, info: unknown) => WebGPUBackend;
}

let started: Promise<Adapter> | undefined;

/**
 * Registers tfjs' backend `webgpu` on the first adapter that there is, and says which. Once in a
 * process.
 *
 * @throws InputError when it is not set up, or there is no adapter
 */
export async function startWebgpu(): Promise<Adapter> {
  if (installedGpu() === undefined) {
    throw new InputError('the webgpu backend is not set up; run npm run gpu');
  }
  started ??= start();
  return await started;
}

async function start(): Promise<Adapter> {
  const { dawn, gpu } = await loadDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new InputError(
      'WebGPU finds no adapter: no GPU whose driver offers Vulkan, Metal or Direct3D 12 ' +
        '(on Linux it also needs libvulkan1); LAB_BACKEND=wasm computes without',
    );
  }
  const { device, lost } = await openDevice(adapter);
  Object.assign(globalThis, dawn.globals);
  const backend = withNavigator({ gpu }, () => {
    const { WebGPUBackend } = createRequire(gpuStamp)(
      '@tensorflow/tfjs-backend-webgpu',
    ) as BackendPackage;
    return new WebGPUBackend(device, adapter.info);
  });
  readSynchronously(backend, lost);
  uploadQuickly(backend);
  supplyConvolutions();
  supplyFilterGradient();
  supplySums();
  supplyElementwise();
  supplyRelu();
  supplyTranspose();
  supplyBatchNorm();
  supplyUpdate();
  supplyCrossEntropy();
  repairFunctions();
  repairMaxPooling();
  // Its own would look for a browser's navigator.
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend);
  return describe(adapter);
}

/** tfjs looks for a browser's `navigator` when its backend is made; nothing else shall find one. */
function withNavigator<T>(navigator: object, act: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  try {
    return act();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete (globalThis as { navigator?: unknown }).navigator;
  }
}
