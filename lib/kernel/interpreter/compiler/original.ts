import ts from 'typescript-api';
import { AWAIT, FOR_AWAIT, STEP } from './guards';
import { SCOPE } from './scope';

/**
 * Lets functions give their text without what the compiler put into it: a student reads the code of
 * a cell's function, and what is made from that text runs also elsewhere, as in a worker thread.
 */
export function hideCompiling(): void {
  Function.prototype.toString = new Proxy(Function.prototype.toString, {
    apply: (original, self, rest) => originalText(Reflect.apply(original, self, rest)),
  });
}

const COMPILED = new RegExp([AWAIT, FOR_AWAIT, STEP, SCOPE].join('|'));

/** The text of a function or class, without guards and scope. */
export function originalText(text: string): string {
  if (!COMPILED.test(text)) return text;
  // A method's text is none of its own.
  for (const [before, after] of [
    ['(', ')'],
    ['({', '})'],
  ] as const) {
    const file = ts.createSourceFile(
      'f.js',
      `${before}${text}${after}`,
      ts.ScriptTarget.Latest,
      true,
    );
    const { diagnostics } = ts.transpileModule(file.text, {
      reportDiagnostics: true,
      fileName: 'f.js',
    });
    if (diagnostics?.length) continue;
    const whole = without(file, additionsIn(file));
    return whole.slice(before.length, whole.length - after.length);
  }
  return text;
}

type Range = readonly [from: number, to: number];

function additionsIn(file: ts.SourceFile): Range[] {
  const ranges: Range[] = [];
  const keepOnly = (whole: ts.Node, part: ts.Node) =>
    ranges.push([whole.getStart(), part.getStart()], [part.end, whole.end]);
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && isCallOf(node.expression, STEP)) {
      const rest = /^[ \t]*\n?[ \t]*/.exec(file.text.slice(node.end))![0];
      ranges.push([node.getStart(), node.end + rest.length]);
      return;
    }
    if (ts.isBlock(node) && isUnbraced(node)) keepOnly(node, node.statements[1]!);
    if (ts.isParenthesizedExpression(node) && isComma(node.expression)) {
      const { left, right } = node.expression;
      const isCallee = ts.isNumericLiteral(left) && isScoped(right);
      if (isCallee || isCallOf(left, STEP)) keepOnly(node, right);
    }
    if (isCallOf(node, AWAIT) || isCallOf(node, FOR_AWAIT)) keepOnly(node, node.arguments[0]!);
    if (isScoped(node)) keepOnly(node, node.name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ranges;
}

function without({ text }: ts.SourceFile, ranges: readonly Range[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > at) pieces.push(text.slice(at, from));
    at = Math.max(at, to);
  }
  return pieces.join('') + text.slice(at);
}

function isCallOf(node: ts.Node, name: string): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name
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
