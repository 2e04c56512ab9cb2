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

/** A CommonJS module as `import * as` shows it: its properties, and itself as the default. */
export function namespaceOf(module: unknown): unknown {
  if (isModule(module)) return module;
  const namespace: Exports = {};
  if ((typeof module === 'object' && module !== null) || typeof module === 'function') {
    for (const name of Object.getOwnPropertyNames(module)) {
      if (name === 'default') continue;
      Object.defineProperty(namespace, name, {
        enumerable: true,
        get: () => (module as Exports)[name],
      });
    }
  }
  return Object.assign(namespace, { default: module });
}

function isModule(module: unknown): module is Exports {
  return (
    types.isModuleNamespaceObject(module) ||
    (typeof module === 'object' && module !== null && '__esModule' in module)
  );
}
