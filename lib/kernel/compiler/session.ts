import ts from 'typescript';
import type { Knowledge } from '../messages';
import { BEFORE } from './before';
import { type Declared, isConstant, type Origin, topLevelNames } from './names';
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
   * was before, and export what it declares.
   */
  suffix(
    mentioned: Iterable<string>,
    declared: readonly Declared[],
    before: ReadonlySet<string>,
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
  readonly literal?: string | undefined;
};

/**
 * The types of earlier variables. Beside the cell's own statements, a call of one of them could end
 * the cell, as TypeScript sees it, and what its type is would depend on what its type is.
 */
const EARLIER = '__earlier__';

const SPACES = /__cell_\d+__/g;

/** @param write puts a file of that name beside the cell */
export function newSession(write: (name: string, text: string) => void): Session {
  // A name can be a type of one cell and a variable of another.
  const values = new Map<string, Known>();
  const types = new Map<string, Known>();
  const spaces = new Map<string, string>();
  const packages = new Map<string, string>();
  /** The lines of IMPORTS, and the namespaces that they need. */
  const imports = ['export {};'];
  const needed = new Set<string>();
  let count = 0;

  const packageSpace = (specifier: string): string => {
    const known = packages.get(specifier);
    if (known) return known;
    const name = `m${packages.size + 1}`;
    const from = `p${packages.size + 1}`;
    imports.push(
      `import * as ${from} from ${JSON.stringify(specifier)};`,
      `declare global { namespace __packages__ { export import ${name} = ${from}; } }`,
    );
    packages.set(specifier, `__packages__.${name}`);
    return `__packages__.${name}`;
  };

  /** The namespaces that texts mention, and those that these mention. */
  const closure = (texts: Iterable<string>): Set<string> => {
    const all = new Set<string>();
    const add = (text: string) => {
      for (const [name] of text.matchAll(SPACES)) {
        const space = spaces.get(name);
        if (space === undefined || all.has(name)) continue;
        all.add(name);
        add(space);
      }
    };
    for (const text of texts) add(text);
    return all;
  };

  return {
    suffix(mentioned, declared, before) {
      const ofType = ({ origin }: Declared) => origin === 'type';
      const named = (all: readonly Declared[]) => new Set(all.map(({ name }) => name));
      const ownTypes = named(declared.filter((one) => !isVariable(one)));
      const ownValues = named(declared.filter((one) => !ofType(one)));
      const lines: string[] = [];
      const variables: string[] = [];
      const names = new Set<string>();
      const bringIn = ({ name, origin, space, literal }: Known, isType = false) => {
        // An alias could not be assigned to, and there can be but one of a name.
        const isConst = origin === 'const' || (origin === 'function' && isType);
        const value = origin === 'const' ? literal : undefined;
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
        if (type && type !== value && !ownTypes.has(name) && (isNew || ofType(type))) bringIn(type);
      }
      const were = [...before].map((name) => {
        const { space, literal } = values.get(name)!;
        return `const ${name}${literal === undefined ? `: typeof ${space}.${name}` : ` = ${literal}`};`;
      });
      if (were.length > 0) lines.push(`declare namespace ${BEFORE} { ${were.join(' ')} }`);
      const unexported = new Set(declared.filter((one) => !one.exported).map(({ name }) => name));
      if (variables.length > 0) {
        lines.push(`declare namespace ${EARLIER} { ${variables.join(' ')} }`);
      }
      lines.push(`export { ${[...unexported].join(', ')} };`);
      const text = lines.join('\n');
      const session = [...closure([text, ...needed])].map((name) => spaces.get(name)!).join('\n');
      return { text, names, files: { [SESSION]: session, [IMPORTS]: imports.join('\n') } };
    },
    learn({ declared, text, isSource }) {
      const space = `__cell_${++count}__`;
      const file = ts.createSourceFile('cell.d.ts', text, TARGET, true);
      const literals = literalsIn(file, isSource ? new Map() : enumsIn(file, space));
      for (const one of declared) {
        const known = { ...one, space, literal: literals.get(one.name) };
        if (one.origin !== 'type') values.set(one.name, known);
        if (!isVariable(one)) types.set(one.name, known);
      }
      const body = isSource ? undefined : namespaceBody(file, space, packageSpace);
      if (body !== undefined) {
        spaces.set(space, `declare namespace ${space} {\n${body}\n}`);
        return;
      }
      // Imports are for modules alone: the namespace has what such a one exports.
      write(`${space}${isSource ? '.ts' : '.d.ts'}`, text);
      for (const [name] of text.matchAll(SPACES)) needed.add(name);
      const from = `c${count}`;
      const all = [...new Set(declared.map(({ name }) => name))];
      imports.push(
        `import * as ${from} from "./${space}";`,
        `declare global { namespace ${space} { ${all.map((name) => `export import ${name} = ${from}.${name};`).join(' ')} } }`,
      );
    },
    origin(name) {
      const known = values.get(name);
      return known?.ambient ? undefined : known?.origin;
    },
    names: () => new Set([...values.keys(), ...types.keys()]),
  };
}

/** Whether a declared name is a value and no type. */
function isVariable({ origin }: Declared): boolean {
  return origin === 'let' || origin === 'const' || origin === 'function';
}

/**
 * Declarations as the namespace `space` has them, types of packages by way of `packageSpace`; undefined where
 * they have imports of their own, or declare something global.
 */
function namespaceBody(
  file: ts.SourceFile,
  space: string,
  packageSpace: (specifier: string) => string,
): string | undefined {
  const { text } = file;
  const pieces: string[] = [];
  let at = 0;
  const leaveOut = (from: number, to: number, instead = '') => {
    pieces.push(text.slice(at, from), instead);
    at = to;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) {
        const begin = text.indexOf('import', node.getStart());
        leaveOut(begin, text.indexOf(')', literal.end) + 1, packageSpace(literal.text));
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) return undefined;
    if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isExternalModuleReference(statement.moduleReference)
    ) {
      return undefined;
    }
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) return undefined;
    if (ts.isModuleDeclaration(statement) && !ts.isIdentifier(statement.name)) return undefined;
    if (ts.isModuleDeclaration(statement) && statement.name.text === 'global') return undefined;
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) {
      leaveOut(statement.getFullStart(), statement.end, aliases(statement, space));
    } else visit(statement);
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** `export { g as f }` as a namespace has it. */
function aliases(statement: ts.ExportDeclaration | ts.ExportAssignment, space: string): string {
  if (ts.isExportAssignment(statement)) return '';
  const named = new Set(topLevelNames(statement).map(({ text }) => text));
  return statement.exportClause && ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements
        .filter(({ name }) => named.has(name.text))
        .map(
          ({ name, propertyName }) =>
            `\nexport import ${name.text} = ${space}.${propertyName?.text};`,
        )
        .join('')
    : '';
}

/** The constants that are a literal and say no type, each with the literal. */
function literalsIn(file: ts.SourceFile, enums: ReadonlyMap<string, string>): Map<string, string> {
  const lists = file.statements.flatMap((one) =>
    ts.isVariableStatement(one) && isConstant(one.declarationList) ? one.declarationList : [],
  );
  const found = lists
    .flatMap(({ declarations }) => [...declarations])
    .flatMap(({ name, type, initializer }) => {
      const literal = initializer && !type ? literalOf(initializer, enums) : undefined;
      return ts.isIdentifier(name) && literal !== undefined ? [[name.text, literal] as const] : [];
    });
  return new Map(found);
}

/**
 * What declarations call an enum, of the cell's own or of an earlier one, with its name elsewhere.
 * Nothing but an enum stands before a point there.
 */
function enumsIn(file: ts.SourceFile, space: string): Map<string, string> {
  const enums = new Map<string, string>();
  for (const one of file.statements) {
    if (ts.isEnumDeclaration(one)) enums.set(one.name.text, `${space}.${one.name.text}`);
    if (ts.isImportEqualsDeclaration(one)) enums.set(one.name.text, one.moduleReference.getText());
  }
  return enums;
}

/** A literal, or a member of an enum, as an ambient constant can have it. */
function literalOf(node: ts.Expression, enums: ReadonlyMap<string, string>): string | undefined {
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const inner = literalOf(node.operand, enums);
    return inner === undefined ? undefined : `-${inner}`;
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const members = enums.get(node.expression.text);
    return members === undefined ? undefined : `${members}.${node.name.text}`;
  }
  const isPlain =
    ts.isNumericLiteral(node) ||
    ts.isBigIntLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword;
  return isPlain ? node.getText() : undefined;
}
