import { join } from 'node:path';
import vm from 'node:vm';
import { CAUGHT, CELL, DYNAMIC_IMPORT, HANDLER, IMPORT, META, MODULE, SCOPE } from '../given';
import type { MimeBundle } from '../kernel';
import type { Failure, Program } from '../messages';
import { caught, handler } from './caught';
import type { Script } from './lines';
import { linesBy } from './lines';
import { metaOf } from './meta';
import { createModules } from './modules';
import { exportsName, pick } from './namespaces';
import { orStop, type Stop } from './stop';
import { bindLive, expect, heldBy, settled, type Variables } from './variables';

/** A cell that runs or has run; whatever it started belongs to it. */
export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly stop: Stop;
  /** The names that it has declared. */
  kept: readonly string[];
  /** Why it failed; set once. */
  failure?: Failure;
  /** The value of its last line, unless that is undefined or null. */
  result?: { readonly value: unknown };
  /** How that is shown. */
  shown?: MimeBundle;
}

/** The scope of a notebook, and how its cells' code is run in it. */
export interface Execution {
  variables(): Readonly<Variables>;
  /** Loads packages ahead of the cell that asks for them. */
  preload(packages: readonly string[]): void;
  /** Runs a cell's code; sets what it has declared and what its last line came to. */
  execute(cell: Cell, source: string, program: Program): Promise<void>;
}

type Body = (...given: unknown[]) => Promise<void>;

/** What a cell's code finds, in this order. */
const GIVEN = [
  ...[SCOPE, CELL, IMPORT, DYNAMIC_IMPORT, META, CAUGHT, HANDLER, MODULE],
  ...['require', 'module', 'exports', '__filename', '__dirname'],
].join(', ');

/** @param scripts where the lines of compiled code are kept, for tracebacks */
export function newExecution(cwd: string, scripts: Map<string, Script>): Execution {
  const modules = createModules(cwd, scripts);
  /** What all cells have declared. */
  const scope: Variables = Object.create(null);
  // A notebook is a module that was loaded from nowhere: `require.main === module` in it.
  const filename = join(cwd, 'cell.ts');
  const module = { exports: {}, filename };
  const require = Object.assign(modules.require, { main: module });
  const load = async (id: string, names: readonly [local: string, imported: string][]) => {
    const module = await modules.load(id);
    for (const [local, imported] of names) bindLive(scope, local, reading(id, module, imported));
  };
  const means = [load, modules.loadLater, metaOf(filename), caught, handler, modules.put];
  const ofNode = [require, module, module.exports, filename, cwd];

  return {
    variables: () => settled(scope),
    preload(packages) {
      for (const name of packages) {
        try {
          modules.require(name);
        } catch {
          // The cell that asks for it is told.
        }
      }
    },
    async execute(cell, source, { code, map, names, late }) {
      const before = new Map(names.map((name) => [name, heldBy(scope, name)]));
      for (const name of late) expect(scope, name);
      const left: { value?: unknown } = {};
      modules.refresh();
      try {
        const name = `cell-${scripts.size + 1}`;
        scripts.set(name, { label: cell.label, source, line: linesBy(map, source) });
        const body = bodyOf(name, code, scope);
        await orStop(body(scope, left, ...means, ...ofNode), cell.stop);
        cell.kept = names;
      } catch (error) {
        // What was declared before the failure is there.
        const isNew = (name: string) => {
          const [was, now] = [before.get(name), heldBy(scope, name)];
          if (!now) delete scope[name];
          return now !== undefined && (!was || was.by !== now.by);
        };
        cell.kept = names.filter(isNew);
        throw error;
      }
      if (left.value != null) cell.result = { value: left.value };
    },
  };
}

/** How the value of an import is read, each time; it can be gone from a file that was changed. */
function reading(id: string, module: () => unknown, imported: string): () => unknown {
  const was = exportsName(module(), imported);
  return () => {
    const now = module();
    if (!was || exportsName(now, imported)) return pick(now, imported);
    throw new ReferenceError(
      `'${id}' no longer exports '${imported}': import what it has now, or put '${imported}' back`,
    );
  };
}

/** A cell's code as a function of what it finds. */
function bodyOf(filename: string, code: string, scope: Variables): Body {
  // An arrow function in one whose `this` is undefined, as that of a module.
  const body = `(function () { 'use strict'; return async (${GIVEN}) => {\n${code}\n} })()`;
  // What eval is given is not compiled: it finds the notebook's names as those of an object.
  const text = /\beval\(/.test(code) ? `(scope) => { with (scope) return ${body} }` : body;
  const made: unknown = vm.runInThisContext(text, {
    filename,
    lineOffset: -1,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return (text === body ? made : (made as (scope: Variables) => Body)(scope)) as Body;
}
