import * as tf from '@tensorflow/tfjs';

/** A kernel's error lies about ten calls below the script, and a gradient's further still. */
const DEEP = 100;

/** A call inside of tfjs, by its package or by the sources that its maps name, or in a repair of it. */
const OF_TFJS =
  /[\\/]@tensorflow[\\/]|[\\/]tfjs-[a-z-]+[\\/]src[\\/]|[\\/]engine[\\/]tfjs[\\/]repairs[\\/]/;

/**
 * An error of tfjs tells where the script called it. Node keeps ten calls of a stack, which are all
 * of tfjs' own: here they are left out, and as many others are shown as `Error.stackTraceLimit` says.
 */
export function tellScriptsInStacks(): void {
  const engine = tf.engine();
  engine.runKernel = told(engine.runKernel.bind(engine));
  engine.gradients = told(engine.gradients.bind(engine));
  engine.tidy = told(engine.tidy.bind(engine));
}

function told<F extends (...args: never[]) => unknown>(call: F): F {
  return ((...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = Math.max(limit, DEEP);
    try {
      return call(...args);
    } catch (error) {
      if (error instanceof Error && error.stack !== undefined) {
        Reflect.set(error, 'stack', withoutTfjs(error.stack, limit));
      }
      throw error;
    } finally {
      Error.stackTraceLimit = limit;
    }
  }) as F;
}

function withoutTfjs(stack: string, limit: number): string {
  const isCall = (line: string) => /^\s+at /.test(line);
  let shown = 0;
  return stack
    .split('\n')
    .filter((line) => !isCall(line) || (!OF_TFJS.test(line) && shown++ < limit))
    .join('\n');
}
