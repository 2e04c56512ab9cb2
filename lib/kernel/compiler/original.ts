import ts from 'typescript';
import { AWAIT, CAUGHT, FOR_AWAIT, HANDLER, SCOPE, STEP } from '../given';

/** The text of a function or class, without guards and scope. */
export function originalText(text: string): string {
  // A method's text is none of its own.
  for (const [before, after] of [
    ['(', ')'],
    ['({', '})'],
  ] as const) {
    const code = `${before}${text}${after}`;
    const file = ts.createSourceFile('f.js', code, ts.ScriptTarget.Latest, true);
    const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly unknown[] };
    if (parseDiagnostics.length > 0) continue;
    const whole = replaced(file, additionsIn(file));
    return whole.slice(before.length, whole.length - after.length);
  }
  return text;
}

type Replacement = readonly [from: number, to: number, by?: string];

function additionsIn(file: ts.SourceFile): Replacement[] {
  const ranges: Replacement[] = [];
  const keepOnly = (whole: ts.Node, part: ts.Node) =>
    ranges.push([whole.getStart(), part.getStart()], [part.end, whole.end]);
  const leaveOut = (statement: ts.Statement) => {
    const rest = /^[ \t]*\n?[ \t]*/.exec(file.text.slice(statement.end))![0];
    ranges.push([statement.getStart(), statement.end + rest.length]);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && isCallOf(node.expression, STEP, CAUGHT)) {
      leaveOut(node);
      return;
    }
    const [first] = ts.isCatchClause(node) ? node.block.statements : [];
    const [parts] =
      first && ts.isVariableStatement(first) ? first.declarationList.declarations : [];
    if (first && parts?.initializer && isCallOf(parts.initializer, CAUGHT)) {
      const { name } = (node as ts.CatchClause).variableDeclaration!;
      ranges.push([name.getStart(), name.end, parts.name.getText()]);
      leaveOut(first);
    }
    if (ts.isBlock(node) && isUnbraced(node)) keepOnly(node, node.statements[1]!);
    if (ts.isParenthesizedExpression(node) && isComma(node.expression)) {
      const { left, right } = node.expression;
      const isCallee = ts.isNumericLiteral(left) && isScoped(right);
      if (isCallee || isCallOf(left, STEP)) keepOnly(node, right);
    }
    if (isCallOf(node, AWAIT, FOR_AWAIT, HANDLER)) keepOnly(node, node.arguments[0]!);
    if (isScoped(node)) keepOnly(node, node.name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ranges;
}

function replaced({ text }: ts.SourceFile, replacements: readonly Replacement[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const [from, to, by = ''] of [...replacements].sort(([a], [b]) => a - b)) {
    if (from > at) pieces.push(text.slice(at, from));
    pieces.push(by);
    at = Math.max(at, to);
  }
  return pieces.join('') + text.slice(at);
}

function isCallOf(node: ts.Node, ...names: string[]): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    names.includes(node.expression.text)
  );
}

/** Whether a loop's body had no braces of its own. */
function isUnbraced({ statements: [first] }: ts.Block): boolean {
  return (
    first !== undefined &&
    ts.isExpressionStatement(first) &&
    isCallOf(first.expression, STEP) &&
    first.expression.arguments.length > 0
  );
}

function isComma(node: ts.Expression): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;
}

function isScoped(node: ts.Node): node is ts.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === SCOPE
  );
}
