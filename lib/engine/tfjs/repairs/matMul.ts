import * as tf from '@tensorflow/tfjs';

/**
 * tfjs' wasm backend multiplies transposed operands with a loop that walks memory against the
 * grain: `matMul(x, y, true)` of 784×128 and 128×64 takes ten times as long as transposing first.
 * Every gradient of a dense layer does just that. This puts a kernel in its place that transposes
 * a transposed operand first and hands plain ones on, so all code in the process is fast: the
 * library's, a student's own, tfjs' gradients. Doing it twice changes nothing.
 */
export function repairWasmMatMul(): void {
  if (repaired) return;
  const matMul = tf.getKernel('BatchMatMul', 'wasm');
  const transpose = tf.getKernel('Transpose', 'wasm');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...matMul,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const disposable = backend as { disposeData(dataId: object): void };
      const made: tf.TensorInfo[] = [];
      const straighten = (x: tf.TensorInfo, transposed: unknown): tf.TensorInfo => {
        if (!transposed) return x;
        const last = x.shape.length - 1;
        const perm = x.shape.map((_, i) => (i < last - 1 ? i : 2 * last - 1 - i));
        const plain = transpose.kernelFunc({ inputs: { x }, attrs: { perm }, backend });
        made.push(plain as tf.TensorInfo);
        return plain as tf.TensorInfo;
      };
      const a = straighten(inputs.a!, attrs?.transposeA);
      const b = straighten(inputs.b!, attrs?.transposeB);
      const plainAttrs = { transposeA: false, transposeB: false };
      const product = matMul.kernelFunc({ inputs: { a, b }, attrs: plainAttrs, backend });
      for (const { dataId } of made) disposable.disposeData(dataId);
      return product;
    },
  });
  repaired = true;
}

let repaired = false;
