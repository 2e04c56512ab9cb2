import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { GPU, GPUAdapter, GPUDevice } from './gpu';
import { type Adapter, gpuStamp } from './installed';
import { learnToHandleEvents } from './readSync';

/** The adapter's device, and why it cannot compute any more, where it cannot. */
export interface Device {
  readonly device: GPUDevice;
  readonly lost: () => string | undefined;
}

/** The package `webgpu`. */
interface Dawn {
  create(options: readonly string[]): GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

let loaded: Promise<{ dawn: Dawn; gpu: GPU }> | undefined;

/** WebGPU's names, and its implementation for Node. One of it in a process. */
export async function loadDawn(): Promise<{ dawn: Dawn; gpu: GPU }> {
  loaded ??= (async () => {
    const path = createRequire(gpuStamp).resolve('webgpu');
    const dawn = (await import(pathToFileURL(path).href)) as Dawn;
    return { dawn, gpu: dawn.create([]) };
  })();
  return await loaded;
}

/** What the limits of the device are taken from: as much as the adapter has. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/** A device of the adapter, of which tfjs' backend makes its buffers and shaders. */
export async function openDevice(adapter: GPUAdapter): Promise<Device> {
  const device = await learnToHandleEvents(() =>
    adapter.requestDevice({
      requiredFeatures: ['timestamp-query'].filter((name) => adapter.features.has(name)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]!])),
    }),
  );
  let why: string | undefined;
  const again = 'restart the kernel and run the notebook again: what was saved is taken up';
  device.addEventListener('uncapturederror', ({ error }) => {
    why ??= `the GPU refused a computation (${firstLine(error.message)}); ${again}`;
  });
  void device.lost.then(({ reason, message }) => {
    why ??= `the GPU is lost (${firstLine(message) || reason}); ${again}`;
  });
  return { device, lost: () => why };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.trim();
}

/** The adapter as a person knows it. */
export function describe({ info }: GPUAdapter): Adapter {
  const { description, device, vendor, architecture, isFallbackAdapter } = info;
  const words = [device || description || architecture, description].filter(Boolean);
  const isSoftware =
    isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(words.join(' '));
  return { name: [vendor, ...new Set(words)].join(' '), isSoftware };
}
