import type * as Original from '../compiler/original';
import { AWAIT, CAUGHT, FOR_AWAIT, HANDLER, SCOPE, STEP } from '../given';

/** What texts were as their users wrote them: of a function they are asked for again and again. */
const originals = new Map<string, string>();

const COMPILED = new RegExp([AWAIT, FOR_AWAIT, STEP, SCOPE, CAUGHT, HANDLER].join('|'));

/**
 * Lets functions give their text without what the compiler put into it: a student reads the code of
 * a cell's function, and what is made from that text runs also elsewhere, as in a worker thread.
 */
export function hideCompiling(): void {
  Function.prototype.toString = new Proxy(Function.prototype.toString, {
    apply: (original, self, rest) => {
      const text: string = Reflect.apply(original, self, rest);
      if (!COMPILED.test(text)) return text;
      const known = originals.get(text);
      if (known !== undefined) return known;
      // Loaded when first needed, for it takes TypeScript.
      const { originalText } = require('../compiler/original') as typeof Original;
      const own = originalText(text);
      originals.set(text, own);
      return own;
    },
  });
}
