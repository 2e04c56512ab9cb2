import * as tf from '@tensorflow/tfjs';
import type { GPUBuffer, GPUComputePass, GPUDevice, GPUPipeline } from './gpu';

/** What is used of tfjs' WebGPU backend to record a shader. */
export interface Recorder extends tf.KernelBackend {
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): { readonly resource: GPUBuffer } };
  readonly commandQueueOwnedIds: WeakSet<object>;
  commandEncoder: { beginComputePass(): GPUComputePass };
  computePassEncoder: GPUComputePass | null;
  dispatchCountInPass: number;
  makeTensorInfo(
    shape: readonly number[],
    dtype: tf.DataType,
    values?: Float32Array,
  ): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  /** Whether they are few numbers that lie in memory: a constant. */
  shouldExecuteOnCPU(inputs: readonly tf.TensorInfo[]): boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** A compute shader with the sizes of its tensors written into it. */
export interface Kernel {
  /** Names it among the compiled ones; has all that its text depends on. */
  readonly name: string;
  /** The names of the tensors in its text: arrays of f32, those that it reads and those it makes. */
  readonly reads: readonly string[];
  readonly makes: readonly string[];
  /** Functions and constants in WGSL, beside `main`. */
  readonly functions?: string;
  /** What one thread does, in WGSL: `i : u32` is its number. */
  readonly body: string;
}

/** Whether a number is NaN, by its bits: `a != a` a compiler may take for false. */
export const IS_NAN = `
  fn isNan(a : f32) -> bool { return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; }`;

/** Threads of a workgroup. */
export const GROUP = 64;
/** Workgroups in a row: a device has to allow 65535. */
const ROW = 32768;

/** A shader that is compiled, and its bindings to buffers: making one takes longer than recording it. */
interface Compiled {
  readonly pipeline: GPUPipeline;
  readonly layout: object;
  /** By the buffers' numbers. They come back to the pool, so that each step has the same. */
  readonly bindings: Map<string, object>;
}

const compiled = new Map<string, Compiled>();
const numbers = new WeakMap<GPUBuffer, number>();
let buffersSeen = 0;
/** Bindings of a shader that are kept at most. */
const MOST_BINDINGS = 64;

/**
 * Runs a shader on as many threads as asked for; what it makes, float32 of the shapes given. tfjs' own
 * way takes four times as long to record: it makes a buffer of all shapes each time.
 */
export function run(
  backend: Recorder,
  kernel: Kernel,
  inputs: readonly tf.TensorInfo[],
  shapes: readonly (readonly number[])[],
  threads: number,
): tf.TensorInfo[] {
  const outputs = shapes.map((shape) => backend.makeTensorInfo(shape, 'float32'));
  const shader = compiled.get(kernel.name) ?? compile(backend, kernel);
  const buffers = [...inputs, ...outputs].map(({ dataId }) => {
    backend.uploadToGPU(dataId);
    backend.commandQueueOwnedIds.add(dataId);
    return backend.tensorMap.get(dataId).resource;
  });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(shader.pipeline);
  pass.setBindGroup(0, bindingOf(backend, shader, buffers));
  const groups = Math.ceil(threads / GROUP);
  pass.dispatchWorkgroups(Math.min(groups, ROW), Math.ceil(groups / ROW));
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  return outputs;
}

function bindingOf(
  { device }: Recorder,
  { layout, bindings }: Compiled,
  buffers: readonly GPUBuffer[],
): object {
  const key = buffers.map(numberOf).join();
  const known = bindings.get(key);
  if (known) return known;
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const made = device.createBindGroup({ layout, entries });
  if (bindings.size === MOST_BINDINGS) bindings.clear();
  bindings.set(key, made);
  return made;
}

function numberOf(buffer: GPUBuffer): number {
  const known = numbers.get(buffer);
  if (known !== undefined) return known;
  numbers.set(buffer, ++buffersSeen);
  return buffersSeen;
}

/** As `run`, of a shader that makes one tensor. */
export function runOne(
  backend: Recorder,
  kernel: Omit<Kernel, 'makes'>,
  inputs: readonly tf.TensorInfo[],
  shape: readonly number[],
  threads: number,
): tf.TensorInfo {
  return run(backend, { ...kernel, makes: ['made'] }, inputs, [shape], threads)[0]!;
}

function compile({ device }: Recorder, { name, reads, makes, functions, body }: Kernel): Compiled {
  const bound = [...reads, ...makes].map(
    (tensor, i) =>
      `@group(0) @binding(${i}) var<storage, ${i < reads.length ? 'read' : 'read_write'}> ` +
      `${tensor} : array<f32>;`,
  );
  const code = `
    ${bound.join('\n')}
    ${functions ?? ''}
    @compute @workgroup_size(${GROUP})
    fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) local : u32) {
      let i = (group.y * ${ROW}u + group.x) * ${GROUP}u + local;
      ${body}
    }`;
  const module = device.createShaderModule({ code });
  const compute = { module, entryPoint: 'main' };
  const pipeline = device.createComputePipeline({ layout: 'auto', compute });
  const made = { pipeline, layout: pipeline.getBindGroupLayout(0), bindings: new Map() };
  compiled.set(name, made);
  return made;
}
