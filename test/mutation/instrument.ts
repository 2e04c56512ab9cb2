import ts from 'typescript';

/** One small change of a source file. */
export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

const METHODS = new Map(
  Object.entries({
    ...{ add: 'sub', sub: 'add', mul: 'div', div: 'mul', min: 'max', max: 'min' },
    ...{ floor: 'ceil', ceil: 'floor', some: 'every', every: 'some', sum: 'mean', mean: 'sum' },
  }),
);

/** Methods that may as well not be called. */
const DROPPED = new Set(['filter', 'sort', 'reverse', 'neg', 'abs', 'sqrt', 'square', 'slice']);

/**
 * The source with all its mutants in it, each carried out where `globalThis.mutant(id)` says so. What
 * is thrown and types stay as they are.
 */
export function instrument(
  file: string,
  source: string,
  firstId = 0,
): { readonly text: string; readonly mutants: readonly Mutant[] } {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const textOf = (node: ts.Node) => node.getText(tree);

  function emit(node: ts.Node): string {
    if (isLeftAlone(node)) return textOf(node);
    let text = '';
    let at = node.getStart(tree);
    ts.forEachChild(node, (child) => {
      text += source.slice(at, child.getStart(tree)) + emit(child);
      at = child.end;
    });
    text += source.slice(at, node.end);
    if (ts.isExpressionStatement(node)) return `{ if (!${condition(node, '')}) ${text} }`;
    const changes = ts.isExpression(node) ? changesOf(node, textOf) : [];
    if (changes.length === 0) return text;
    const choices = changes.map((after) => `${condition(node, after)} ? (${after}) : `);
    return `(${choices.join('')}(${text}))`;
  }

  function condition(node: ts.Node, after: string): string {
    const id = firstId + mutants.length;
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    mutants.push({ id, file, line, before: textOf(node), after });
    return `globalThis.mutant(${id})`;
  }

  return { text: emit(tree), mutants };
}

function isLeftAlone(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isThrowStatement(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

function changesOf(node: ts.Node, textOf: (node: ts.Node) => string): string[] {
  if (ts.isOptionalChain(node)) return [];
  if (ts.isBinaryExpression(node)) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    // Texts that are put together are messages.
    if (textOf(node.operatorToken) === '+' && isText(node)) return [];
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [left, right];
    const others = OPERATORS[textOf(node.operatorToken)] ?? [];
    return [...others.map((other) => `${left} ${other} ${right}`), ...wholeCondition(node)];
  }
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.MinusToken) return [textOf(node.operand)];
    if (node.operator === ts.SyntaxKind.ExclamationToken) return [textOf(node.operand)];
  }
  if (ts.isConditionalExpression(node)) return [textOf(node.whenTrue), textOf(node.whenFalse)];
  if (ts.isNumericLiteral(node) && !isName(node)) {
    return [`${Number(textOf(node).replaceAll('_', '')) + 1}`];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword && !isName(node)) return ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword && !isName(node)) return ['true'];
  if (ts.isCallExpression(node)) return [...changesOfCall(node, textOf), ...wholeCondition(node)];
  return wholeCondition(node);
}

function changesOfCall(node: ts.CallExpression, textOf: (node: ts.Node) => string): string[] {
  const { expression: called } = node;
  if (!ts.isPropertyAccessExpression(called)) return [];
  const [object, name] = [textOf(called.expression), textOf(called.name)];
  const args = node.arguments.map(textOf).join(', ');
  const other = METHODS.get(name);
  return [
    ...(other === undefined ? [] : [`${object}.${other}(${args})`]),
    ...(DROPPED.has(name) ? [object === 'Math' ? args : object] : []),
  ];
}

/** What decides on a branch is taken as given, both ways. */
function wholeCondition(node: ts.Node): string[] {
  return ts.isIfStatement(node.parent) && node.parent.expression === node ? ['true', 'false'] : [];
}

function isText(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return isText(node.left) || isText(node.right);
  return ts.isStringLiteral(node) || ts.isTemplateExpression(node);
}

/** Of a property, or in a type. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  return (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isTypeNode(parent);
}
