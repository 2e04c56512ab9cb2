import ts from 'typescript';
import { SCOPE } from '../given';
import { boundNames, isAmbient, isElsewhere, isUsing, topLevelNames } from './names';

const { factory } = ts;

/** Which of a cell's names the scope holds. */
export interface Scoped {
  /** Those of its own that stay variables, and are only put into the scope as well. */
  readonly locals: ReadonlySet<string>;
  /** Whether a symbol is one of them. */
  has(symbol: ts.Symbol | undefined): boolean;
  /** Whether an identifier stands for one of them. */
  isMentioned(node: ts.Identifier): boolean;
  /** Does something in the body of what has a name, where the scope has it not yet: a class, an enum. */
  inside<Result>(name: ts.Node | undefined, what: () => Result): Result;
}

/** What the parts of a cell are rewritten by. */
export interface Rewriting {
  readonly checker: ts.TypeChecker;
  readonly scoped: Scoped;
  visit(node: ts.Node): ts.VisitResult<ts.Node>;
  /** A node with its children rewritten. */
  visited<T extends ts.Node>(node: T): T;
  expression(node: ts.Expression): ts.Expression;
}

/**
 * @param cell a cell's own statements
 * @param added those behind them, by which names of earlier cells are brought in
 * @param earlier the names of earlier cells that are values
 */
export function newScoped(
  checker: ts.TypeChecker,
  cell: readonly ts.Statement[],
  added: readonly ts.Statement[],
  earlier: ReadonlySet<string>,
): Scoped {
  const locals = localNames(cell);
  const own = cell
    .filter((statement) => !isElsewhere(statement))
    .flatMap(topLevelNames)
    .filter(({ text }) => !locals.has(text));
  const others = added.flatMap(topLevelNames).filter(({ text }) => earlier.has(text));
  const symbols = new Set([...own, ...others].map((name) => checker.getSymbolAtLocation(name)));
  symbols.delete(undefined);
  const within = new Set<ts.Symbol>();
  const has = (symbol: ts.Symbol | undefined): boolean =>
    symbol !== undefined && symbols.has(symbol) && !within.has(symbol);
  return {
    locals,
    has,
    // What is only called so is none: a property, a parameter, a declaration.
    isMentioned: (node) =>
      (node.parent as { name?: ts.Node }).name !== node && has(checker.getSymbolAtLocation(node)),
    inside(name, what) {
      const symbol = name && checker.getSymbolAtLocation(name);
      if (symbol) within.add(symbol);
      const result = what();
      if (symbol) within.delete(symbol);
      return result;
    },
  };
}

/** `__scope__.name` in the place of a name. */
export function inScope(name: ts.Identifier): ts.Expression {
  const access = factory.createPropertyAccessExpression(
    factory.createIdentifier(SCOPE),
    factory.createIdentifier(name.text),
  );
  return ts.setTextRange(access, name);
}

/**
 * Names that stay variables of the cell's own function, and are only put into the scope as well:
 * `using`, which is disposed of there, and functions and classes with a namespace of their name.
 */
function localNames(cell: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  const spaces = new Set(
    cell.flatMap((one) => (ts.isModuleDeclaration(one) && !isAmbient(one) ? one.name.text : [])),
  );
  for (const statement of cell) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const name = statement.name?.text;
      if (name !== undefined && spaces.has(name)) names.add(name);
    }
    if (ts.isVariableStatement(statement) && isUsing(statement.declarationList)) {
      for (const { text } of boundNames(statement.declarationList)) names.add(text);
    }
  }
  return names;
}
