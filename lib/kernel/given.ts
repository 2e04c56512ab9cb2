/** What the compiled code of a cell finds: the parameters of its function, and the guards. */

/** The object that holds what all cells declare at their top level. */
export const SCOPE = '__scope__';
/** Where a cell leaves the value of its last line: `__cell__.value`. */
export const CELL = '__cell__';
/** `__import__(module, [[local, imported], …])` puts what a module exports into the scope. */
export const IMPORT = '__import__';
/** What `import(…)` becomes. */
export const DYNAMIC_IMPORT = '__dynamicImport__';
/** What `import.meta` becomes. */
export const META = '__meta__';

/** `__module__(file, source)` is what a cell does that is a module of its own. */
export const MODULE = '__module__';

/** The global functions that a cell's code passes through where an interrupt can end it. */
export const AWAIT = '__pathlab_await__';
export const FOR_AWAIT = '__pathlab_for_await__';
export const STEP = '__pathlab_step__';

/** What a `catch` in a cell caught goes through `__caught__`, a promise's handler `__handler__`. */
export const CAUGHT = '__caught__';
export const HANDLER = '__handler__';

/**
 * The condition, beside Node's own, under which the exports of packages are looked up: a package may
 * have an entry of its own for notebooks.
 */
export const CONDITION = 'notebook';
