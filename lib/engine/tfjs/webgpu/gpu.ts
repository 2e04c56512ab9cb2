/**
 * What is used here of WebGPU's interface (https://www.w3.org/TR/webgpu), under its names there.
 */

export interface GPU {
  requestAdapter(options?: { powerPreference: 'high-performance' }): Promise<GPUAdapter | null>;
}

export interface GPUAdapter {
  readonly info: GPUAdapterInfo;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GPUDevice>;
}

export interface GPUAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

export interface GPUDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: { submit(buffers: readonly unknown[]): void };
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): GPUBuffer;
  createShaderModule(descriptor: { readonly code: string }): object;
  createComputePipeline(descriptor: {
    readonly layout: 'auto';
    readonly compute: { readonly module: object; readonly entryPoint: string };
  }): GPUPipeline;
  createBindGroup(descriptor: {
    readonly layout: object;
    readonly entries: readonly {
      readonly binding: number;
      readonly resource: { readonly buffer: GPUBuffer };
    }[];
  }): object;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string } }) => void,
  ): void;
  destroy(): void;
}

export interface GPUPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GPUComputePass {
  setPipeline(pipeline: GPUPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y: number): void;
}

export interface GPUBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

/** `GPUMapMode.READ`, and what a buffer is made for that is copied to and then read. */
export const MAP_MODE_READ = 1;
export const USAGE_MAP_READ = 0x0001;
export const USAGE_COPY_DST = 0x0008;
