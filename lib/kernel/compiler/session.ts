import ts from 'typescript';
import type { Declared, Knowledge, Origin } from '../messages';
import { BEFORE } from './before';
import { enumsIn, literalsIn } from './literals';
import { namespaceBody } from './namespace';
import { offeredBy } from './offered';
import { once } from './once';
import { TARGET } from './program';

/**
 * What the cells of a notebook have declared, for the compiler. A cell's declarations are a global
 * namespace `__cell_3__`, and a later cell that mentions one of its names has a line behind its own
 * text that brings that name in. So what a cell costs depends on what it mentions, not on how many
 * there were before; and as nothing but imports of packages is an import, TypeScript takes the
 * program of one cell over for the next.
 */
export interface Session {
  /**
   * The lines behind a cell's own: they bring in what it mentions, what `before` says it means as it
   * was before, and export what it declares. Those that are only offered to it come by name and kind
   * alone: their declarations are not read.
   */
  suffix(
    mentioned: Iterable<string>,
    declared: readonly Declared[],
    before: ReadonlySet<string>,
    offered?: readonly string[],
  ): Suffix;
  /** Takes what a cell has declared for known from now on. */
  learn(knowledge: Knowledge): void;
  /** What an earlier cell's value of that name is; undefined also where it is a global. */
  origin(name: string): Origin | undefined;
  /** All names that are known. */
  names(): Iterable<string>;
}

export interface Suffix {
  readonly text: string;
  /** The names of earlier cells that it brings in. */
  readonly names: ReadonlySet<string>;
  /** The files beside the cell's own, by name. */
  readonly files: Readonly<Record<typeof SESSION | typeof IMPORTS, string>>;
}

/** The file of namespaces that a cell needs, and that of everything that needs imports. */
export const SESSION = '__session__.d.ts';
export const IMPORTS = '__imports__.d.ts';

type Known = Declared & {
  readonly space: string;
  /** The value of `const rate = 1`: of that type, and yet of the type number where it is copied. */
  literal(): string | undefined;
};

/**
 * The types of earlier variables. Beside the cell's own statements, a call of one of them could end
 * the cell, as TypeScript sees it, and what its type is would depend on what its type is.
 */
const EARLIER = '__earlier__';

const SPACES = /__cell_\d+__/g;

/** What stands in all declarations that need imports, or declare something global. */
const OF_MODULES = /\b(import|from|module|global)\b/;

/** @param write puts a file of that name beside the cell */
export function newSession(write: (name: string, text: string) => void): Session {
  // A name can be a type of one cell and a variable of another.
  const values = new Map<string, Known>();
  const types = new Map<string, Known>();
  const spaces = new Map<string, () => string>();
  /** The lines of IMPORTS, and the namespaces that they need. */
  const imports = ['export {};'];
  const needed = new Set<string>();
  const packageSpace = newPackageSpaces((...lines) => imports.push(...lines));
  let count = 0;

  return {
    suffix(mentioned, declared, before, offered = []) {
      const { whole, stubs } = offeredBy(offered, declared, values, types);
      const all = [...mentioned, ...whole];
      const { lines, variables, names } = broughtIn(all, declared, values, types);
      lines.push(...stubs);
      if (before.size > 0) lines.push(asBefore([...before].map((name) => values.get(name)!)));
      if (variables.length > 0) {
        lines.push(`declare namespace ${EARLIER} { ${variables.join(' ')} }`);
      }
      const unexported = new Set(declared.filter((one) => !one.exported).map(({ name }) => name));
      lines.push(`export { ${[...unexported].join(', ')} };`);
      const text = lines.join('\n');
      const session = spacesIn([text, ...needed], spaces).join('\n');
      return { text, names, files: { [SESSION]: session, [IMPORTS]: imports.join('\n') } };
    },
    learn({ declared, text, isSource }) {
      const space = `__cell_${++count}__`;
      // A cell is read when a later one mentions it: a compiler that begins anew learns of them all.
      const file = once(() => ts.createSourceFile('cell.d.ts', text, TARGET, true));
      const literals = once(() =>
        literalsIn(file(), isSource ? new Map() : enumsIn(file(), space)),
      );
      const body = once(() => (isSource ? undefined : namespaceBody(file(), space, packageSpace)));
      for (const one of declared) {
        const known = { ...one, space, literal: () => literals().get(one.name) };
        if (one.origin !== 'type') values.set(one.name, known);
        if (!isVariable(one)) types.set(one.name, known);
      }
      if (!isSource && (!OF_MODULES.test(text) || body() !== undefined)) {
        spaces.set(
          space,
          once(() => `declare namespace ${space} {\n${body()}\n}`),
        );
        return;
      }
      // Imports are for modules alone: the namespace has what such a one exports.
      write(`${space}${isSource ? '.ts' : '.d.ts'}`, text);
      for (const [name] of text.matchAll(SPACES)) needed.add(name);
      const names = [...new Set(declared.map(({ name }) => name))];
      imports.push(...moduleSpace(space, `c${count}`, names));
    },
    origin(name) {
      const known = values.get(name);
      return known?.ambient ? undefined : known?.origin;
    },
    names: () => new Set([...values.keys(), ...types.keys()]),
  };
}

/** The lines by which a namespace has what a module of its name exports. */
function moduleSpace(space: string, from: string, names: readonly string[]): string[] {
  const exports = names.map((name) => `export import ${name} = ${from}.${name};`).join(' ');
  return [
    `import * as ${from} from "./${space}";`,
    `declare global { namespace ${space} { ${exports} } }`,
  ];
}

/** The lines that bring in what a cell mentions of earlier ones. */
interface BroughtIn {
  readonly lines: string[];
  /** The types of EARLIER that the lines need. */
  readonly variables: string[];
  /** The names that have a value. */
  readonly names: Set<string>;
}

function broughtIn(
  mentioned: Iterable<string>,
  declared: readonly Declared[],
  values: ReadonlyMap<string, Known>,
  types: ReadonlyMap<string, Known>,
): BroughtIn {
  const ownTypes = namesOf(declared.filter((one) => !isVariable(one)));
  const ownValues = namesOf(declared.filter((one) => !isType(one)));
  const lines: string[] = [];
  const variables: string[] = [];
  const names = new Set<string>();
  const bringIn = ({ name, origin, space, literal }: Known, hasType = false) => {
    // An alias could not be assigned to, and there can be but one of a name.
    const isConst = origin === 'const' || (origin === 'function' && hasType);
    const value = origin === 'const' ? literal() : undefined;
    if (value !== undefined) lines.push(`declare const ${name} = ${value};`);
    else if (origin !== 'let' && !isConst) lines.push(`import ${name} = ${space}.${name};`);
    else {
      lines.push(`declare ${isConst ? 'const' : 'let'} ${name}: ${EARLIER}.$${name};`);
      variables.push(`type $${name} = typeof ${space}.${name};`);
    }
  };
  for (const name of mentioned) {
    const [value, type] = [values.get(name), types.get(name)];
    // A name can be a type of this cell and a variable of an earlier one, or the other way.
    const isNew = !ownTypes.has(name) && !ownValues.has(name);
    if (value && (isNew || (isVariable(value) && !ownValues.has(name)))) {
      bringIn(value, isNew ? type !== undefined && type !== value : true);
      if (!value.ambient) names.add(name);
    }
    if (type && type !== value && !ownTypes.has(name) && (isNew || isType(type))) bringIn(type);
  }
  return { lines, variables, names };
}

/** The namespace of what names of earlier cells were before this one. */
function asBefore(earlier: readonly Known[]): string {
  const were = earlier.map(({ name, space, literal }) => {
    const value = literal();
    return `const ${name}${value === undefined ? `: typeof ${space}.${name}` : ` = ${value}`};`;
  });
  return `declare namespace ${BEFORE} { ${were.join(' ')} }`;
}

/** The namespaces that texts mention, and those that these mention. */
function spacesIn(
  texts: Iterable<string>,
  spaces: ReadonlyMap<string, () => string>,
): readonly string[] {
  const all = new Map<string, string>();
  const add = (text: string) => {
    for (const [name] of text.matchAll(SPACES)) {
      const space = all.has(name) ? undefined : spaces.get(name)?.();
      if (space === undefined) continue;
      all.set(name, space);
      add(space);
    }
  };
  for (const text of texts) add(text);
  return [...all.values()];
}

/**
 * The namespaces of packages, by the packages' names.
 *
 * @param add takes the lines that make one
 */
function newPackageSpaces(add: (...lines: string[]) => void): (specifier: string) => string {
  const known = new Map<string, string>();
  return (specifier) => {
    const space = known.get(specifier);
    if (space) return space;
    const name = `m${known.size + 1}`;
    const from = `p${known.size + 1}`;
    add(
      `import * as ${from} from ${JSON.stringify(specifier)};`,
      `declare global { namespace __packages__ { export import ${name} = ${from}; } }`,
    );
    known.set(specifier, `__packages__.${name}`);
    return `__packages__.${name}`;
  };
}

const namesOf = (all: readonly Declared[]) => new Set(all.map(({ name }) => name));

const isType = ({ origin }: Declared) => origin === 'type';

/** Whether a declared name is a value and no type. */
function isVariable({ origin }: Declared): boolean {
  return origin === 'let' || origin === 'const' || origin === 'function';
}
