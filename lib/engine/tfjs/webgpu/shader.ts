import * as tf from '@tensorflow/tfjs';

/** A compute shader that gives one number at a time, in the form that tfjs' backend takes. */
export interface Shader {
  /** Names it among the compiled ones. */
  readonly name: string;
  /** The tensors that it reads, by the names that its text reads them by: `getX(…)`. */
  readonly reads: readonly string[];
  /** Functions in WGSL. */
  readonly functions: string;
  /** The number at `index` of what it gives, an expression in WGSL. */
  readonly value: string;
}

interface ShaderBackend {
  runWebGPUProgram(
    program: object,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
  ): tf.TensorInfo;
}

const THREADS = 128;

/** Runs a shader on tfjs' backend: what it gives, of the shape asked for, in float32. */
export function runShader(
  backend: unknown,
  { name, reads, functions, value }: Shader,
  inputs: readonly tf.TensorInfo[],
  outputShape: readonly number[],
): tf.TensorInfo {
  const program = {
    variableNames: reads,
    outputShape,
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(tf.util.sizeFromShape([...outputShape]) / THREADS), 1, 1],
    size: true,
    shaderKey: `pathlab_${name}`,
    getUserCode: () => `
      ${functions}
      fn main(index : i32) {
        if (index < uniforms.size) {
          setOutputAtIndex(index, ${value});
        }
      }`,
  };
  return (backend as ShaderBackend).runWebGPUProgram(program, inputs, 'float32');
}

/** Puts a kernel of ours in the place of the backend's, which it is given, for all code in the process. */
export function replaceKernel(
  kernelName: string,
  ours: (args: Parameters<tf.KernelFunc>[0], theirs: tf.KernelFunc) => ReturnType<tf.KernelFunc>,
): void {
  const kernel = tf.getKernel(kernelName, 'webgpu');
  tf.unregisterKernel(kernelName, 'webgpu');
  const theirs = kernel.kernelFunc;
  tf.registerKernel({ ...kernel, kernelFunc: (args) => ours(args, theirs) });
}

/** Gives the backend a kernel that tfjs has none of: see `lib/ownKernels`. */
export function supplyKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
}
