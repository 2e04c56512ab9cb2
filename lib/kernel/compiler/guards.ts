import ts from 'typescript';
import { AWAIT, FOR_AWAIT, STEP } from '../given';

const { factory } = ts;

/**
 * Puts code under guard: every `await x` and `for await (… of x)` goes through a function, and every
 * round of a loop and every call of a function begins with a call of one. An interrupt then ends
 * asynchronous work at its next await, and synchronous work at its next round or call, a recursion
 * and a callback of a library included.
 */
export const underGuard: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(inner)) {
      return factory.updateAwaitExpression(inner, call(AWAIT, inner.expression));
    }
    if (ts.isForOfStatement(inner)) {
      const { awaitModifier, initializer, expression, statement } = inner;
      const values = awaitModifier ? call(FOR_AWAIT, expression) : expression;
      return factory.updateForOfStatement(
        inner,
        awaitModifier,
        initializer,
        values,
        round(statement),
      );
    }
    if (ts.isForInStatement(inner)) {
      const { initializer, expression, statement } = inner;
      return factory.updateForInStatement(inner, initializer, expression, round(statement));
    }
    if (ts.isForStatement(inner)) {
      const { initializer, condition, incrementor, statement } = inner;
      return factory.updateForStatement(
        inner,
        initializer,
        condition,
        incrementor,
        round(statement),
      );
    }
    if (ts.isWhileStatement(inner)) {
      return factory.updateWhileStatement(inner, inner.expression, round(inner.statement));
    }
    if (ts.isDoStatement(inner)) {
      return factory.updateDoStatement(inner, round(inner.statement), inner.expression);
    }
    return isFunction(inner) ? guarded(inner, context) : inner;
  };
  return ts.visitEachChild(file, visit, context);
};

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && 'body' in node;

function call(name: string, ...values: ts.Expression[]): ts.Expression {
  return factory.createCallExpression(factory.createIdentifier(name), undefined, values);
}

const step = () => factory.createExpressionStatement(call(STEP));

/** The body of a loop, which begins with a step. */
function round(body: ts.Statement): ts.Block {
  return ts.isBlock(body)
    ? factory.updateBlock(body, [step(), ...body.statements])
    : factory.createBlock([
        factory.createExpressionStatement(call(STEP, factory.createTrue())),
        body,
      ]);
}

/** A function whose body begins with a step. */
function guarded(
  node: ts.FunctionLikeDeclaration,
  context: ts.TransformationContext,
): ts.FunctionLikeDeclaration {
  const { body } = node;
  if (!body) return node;
  const begun = ts.isBlock(body)
    ? begin(body)
    : factory.createParenthesizedExpression(factory.createComma(call(STEP), body));
  return ts.visitEachChild(node, (child) => (child === body ? begun : child), context);
}

/** 'use strict' counts only as the first statement. */
function begin(body: ts.Block): ts.Block {
  const [first, ...rest] = body.statements;
  const directive =
    first && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression);
  return factory.updateBlock(
    body,
    directive ? [first, step(), ...rest] : [step(), ...body.statements],
  );
}
