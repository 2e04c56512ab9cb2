import ts from 'typescript';
import { namesIn } from './names';

/** The namespace of what a cell's own names were before it. */
export const BEFORE = '__before__';

/** A cell's text as TypeScript is to see it. */
export interface Marked {
  readonly text: string;
  /** The names of which it has what they were before. */
  readonly names: ReadonlySet<string>;
  /** The offset in the cell of an offset in `text`. */
  back(offset: number): number;
}

/**
 * A cell as people mean it in a notebook: a variable in its own declaration is what it was before, so
 * `const s = { ...s }` is `const s = { ...__before__.s }`, where for TypeScript it would be the new
 * one, whose type is then any; and a cell that is but `{ a: 1 }` is an object, not a block.
 *
 * @param isKnown whether an earlier cell has declared that name
 */
export function asMeant(file: ts.SourceFile, isKnown: (name: string) => boolean): Marked {
  const mentions = ownMentions(file).filter(({ text }) => isKnown(text));
  const ofNames = mentions.map((node) => {
    const key = ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ` : '';
    return { at: node.getStart(), mark: `${key}${BEFORE}.` };
  });
  const around = [
    { at: 0, mark: '(' },
    { at: file.end, mark: '\n)' },
  ];
  const marks = isObject(file) ? around : ofNames;
  let text = '';
  let end = 0;
  for (const { at, mark } of marks) {
    text += file.text.slice(end, at) + mark;
    end = at;
  }
  return {
    text: text + file.text.slice(end),
    names: new Set(mentions.map((one) => one.text)),
    back(offset) {
      let added = 0;
      for (const { at, mark } of marks) {
        if (at + added >= offset) break;
        added += Math.min(mark.length, offset - at - added);
      }
      return offset - added;
    },
  };
}

/** The name that `__before__.s` stands for. */
export function beforeName(node: ts.Node): ts.Identifier | undefined {
  return ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === BEFORE &&
    ts.isIdentifier(node.name)
    ? node.name
    : undefined;
}

/** Whether a cell is a single block, as TypeScript reads it, that can be read as an object. */
function isObject({ statements, text }: ts.SourceFile): boolean {
  if (statements.length !== 1 || !ts.isBlock(statements[0]!)) return false;
  const object = `(${text}\n)`;
  const { diagnostics } = ts.transpileModule(object, { reportDiagnostics: true });
  const [statement] = ts.createSourceFile('cell.ts', object, ts.ScriptTarget.Latest).statements;
  if (diagnostics?.length !== 0 || !statement || !ts.isExpressionStatement(statement)) return false;
  const literal = (statement.expression as ts.ParenthesizedExpression).expression;
  // `{ f() }` and `{ a = 1 }` are parsed as properties as well, and are none.
  const isWhole = (one: ts.ObjectLiteralElementLike) =>
    ts.isShorthandPropertyAssignment(one)
      ? !one.objectAssignmentInitializer
      : !ts.isMethodDeclaration(one) || one.body !== undefined;
  return ts.isObjectLiteralExpression(literal) && literal.properties.every(isWhole);
}

/** The mentions of a variable in its own declaration, in order. */
function ownMentions(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const search = (names: ReadonlySet<string>) => {
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return;
      if (ts.isIdentifier(node) && names.has(node.text) && isMention(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    return visit;
  };
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer) search(new Set(namesIn(name).map(({ text }) => text)))(initializer);
    }
  }
  return found;
}

/** Whether an identifier stands for a variable: not for a property of that name. */
function isMention(node: ts.Identifier): boolean {
  const { parent } = node;
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}
