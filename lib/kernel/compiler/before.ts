import ts from 'typescript-api';
import { namesIn } from './names';

/** The namespace of what a cell's own names were before it. */
export const BEFORE = '__before__';

/** A cell's text in which `const s = { ...s }` is `const s = { ...__before__.s }`. */
export interface Marked {
  readonly text: string;
  /** The names that are marked. */
  readonly names: ReadonlySet<string>;
  /** The offset in the cell of an offset in `text`. */
  back(offset: number): number;
}

/**
 * Marks the mentions of a variable in its own declaration: in a notebook they mean what the variable
 * was before. For TypeScript it would be the new one, whose type is then any.
 *
 * @param isKnown whether an earlier cell has declared that name
 */
export function markBefore(file: ts.SourceFile, isKnown: (name: string) => boolean): Marked {
  const marks = ownMentions(file)
    .filter(({ text }) => isKnown(text))
    .map((node) => {
      const key = ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ` : '';
      return { at: node.getStart(), mark: `${key}${BEFORE}.`, name: node.text };
    });
  let text = '';
  let end = 0;
  for (const { at, mark } of marks) {
    text += file.text.slice(end, at) + mark;
    end = at;
  }
  return {
    text: text + file.text.slice(end),
    names: new Set(marks.map(({ name }) => name)),
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
