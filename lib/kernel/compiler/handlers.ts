import ts from 'typescript';
import { CAUGHT } from '../given';

/** What a `catch` with a pattern catches, before the pattern takes it apart. */
export const ERROR = '__error__';

const { factory } = ts;

/** The call of a function of the interpreter's. */
export function callOf(name: string, value: ts.Expression): ts.Expression {
  return factory.createCallExpression(factory.createIdentifier(name), undefined, [value]);
}

/** A `catch` that begins with putting right what it caught: its message tells of the scope. */
export function caught(clause: ts.CatchClause): ts.CatchClause {
  const { variableDeclaration: variable, block } = clause;
  if (!variable) return clause;
  const { name } = variable;
  const begunWith = (first: ts.Statement) =>
    factory.updateBlock(block, [first, ...block.statements]);
  if (ts.isIdentifier(name)) {
    const value = factory.createIdentifier(name.text);
    const first = factory.createExpressionStatement(callOf(CAUGHT, value));
    return factory.updateCatchClause(clause, variable, begunWith(first));
  }
  const whole = factory.createIdentifier(ERROR);
  const parts = factory.createVariableDeclaration(
    name,
    undefined,
    undefined,
    callOf(CAUGHT, whole),
  );
  const first = factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList([parts], ts.NodeFlags.Let),
  );
  const all = factory.createVariableDeclaration(whole);
  return factory.updateCatchClause(clause, all, begunWith(first));
}

/** What is called with the reason of a rejection: `f` of `promise.catch(f)` and `promise.then(g, f)`. */
export function handlerOf(
  { expression: called, arguments: values }: ts.CallExpression,
  checker: ts.TypeChecker,
): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(called)) return undefined;
  const { text } = called.name;
  const handler = text === 'catch' ? values[0] : text === 'then' ? values[1] : undefined;
  if (!handler || ts.isSpreadElement(handler)) return undefined;
  const type = checker.getTypeAtLocation(called.expression);
  const isPromise =
    (type.flags & ts.TypeFlags.Any) !== 0 || /^Promise(Like)?$/.test(type.symbol?.name ?? '');
  return isPromise ? handler : undefined;
}
