/** Whether this Node has what a path of names says: `Iterator.prototype.map`. */
function has(path: string): boolean {
  const names = path.split('.');
  const last = names.pop()!;
  let at: unknown = globalThis;
  for (const name of names) at = (at as Record<string, unknown> | undefined)?.[name];
  // Not read: a getter of a prototype has nothing to be asked of.
  return at !== undefined && last in Object(at);
}

/** TypeScript's declarations of what a language of 2024 or later has, each with what tells it. */
const LATER: readonly (readonly [lib: string, needs: readonly string[]])[] = [
  ['es2024.arraybuffer', ['ArrayBuffer.prototype.transfer', 'ArrayBuffer.prototype.resizable']],
  ['es2024.collection', ['Map.groupBy']],
  ['es2024.object', ['Object.groupBy']],
  ['es2024.promise', ['Promise.withResolvers']],
  ['es2024.regexp', ['RegExp.prototype.unicodeSets']],
  ['es2024.sharedmemory', ['Atomics.waitAsync', 'SharedArrayBuffer.prototype.growable']],
  ['es2024.string', ['String.prototype.isWellFormed', 'String.prototype.toWellFormed']],
  ['es2025.collection', ['Set.prototype.union', 'Set.prototype.isDisjointFrom']],
  ['es2025.float16', ['Float16Array', 'DataView.prototype.getFloat16', 'Math.f16round']],
  ['es2025.intl', ['Intl.DurationFormat']],
  ['es2025.iterator', ['Iterator.prototype.map', 'Iterator.from']],
  ['es2025.promise', ['Promise.try']],
  ['es2025.regexp', ['RegExp.escape']],
  ['esnext.array', ['Array.fromAsync']],
  ['esnext.collection', ['Map.prototype.getOrInsert', 'WeakMap.prototype.getOrInsert']],
  ['esnext.date', ['Date.prototype.toTemporalInstant']],
  ['esnext.decorators', ['Symbol.metadata']],
  ['esnext.disposable', ['DisposableStack', 'AsyncDisposableStack', 'SuppressedError']],
  ['esnext.error', ['Error.isError']],
  ['esnext.intl', ['Temporal', 'Intl.Locale.prototype.getWeekInfo']],
  ['esnext.sharedmemory', ['Atomics.pause']],
  ['esnext.temporal', ['Temporal']],
  ['esnext.typedarrays', ['Uint8Array.fromBase64', 'Uint8Array.prototype.toHex']],
];

/**
 * The declarations of the language that this Node has, so that types promise nothing that fails
 * when it runs: Node 20 has no `[1].values().map(…)`.
 */
export const LIBS: readonly string[] = [
  'lib.es2023.d.ts',
  ...LATER.filter(([, needs]) => needs.every(has)).map(([lib]) => `lib.${lib}.d.ts`),
];
