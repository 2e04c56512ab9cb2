import { types } from 'node:util';

type Exports = Record<string, unknown>;

/** The value by which a module exports what an import names. */
export function pick(module: unknown, imported: string): unknown {
  if (imported === '*') return namespaceOf(module);
  if (imported === 'default') return isModule(module) ? module.default : module;
  return (module as Exports | undefined)?.[imported];
}

/** Whether a module exports what an import names. */
export function exportsName(module: unknown, imported: string): boolean {
  if (imported === '*') return true;
  if (imported === 'default') return !isModule(module) || 'default' in module;
  return module != null && imported in Object(module);
}

const made = new WeakMap<object, Exports>();

/**
 * A CommonJS module as `import * as` shows it: its properties, and itself as the default. Of one
 * module it is one object, however often a cell reads the name.
 */
export function namespaceOf(module: unknown): unknown {
  if (isModule(module)) return module;
  if ((typeof module !== 'object' || module === null) && typeof module !== 'function') {
    return { default: module };
  }
  const known = made.get(module);
  if (known) return known;
  const namespace: Exports = {};
  for (const name of Object.getOwnPropertyNames(module)) {
    if (name === 'default') continue;
    Object.defineProperty(namespace, name, {
      enumerable: true,
      get: () => (module as Exports)[name],
    });
  }
  Object.assign(namespace, { default: module });
  made.set(module, namespace);
  return namespace;
}

function isModule(module: unknown): module is Exports {
  return (
    types.isModuleNamespaceObject(module) ||
    (typeof module === 'object' && module !== null && '__esModule' in module)
  );
}
