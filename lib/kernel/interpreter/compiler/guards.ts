import ts from 'typescript-api';

/** The global functions that a cell's code passes through where an interrupt can end it. */
export const AWAIT = '__pathlab_await__';
export const FOR_AWAIT = '__pathlab_for_await__';
export const STEP = '__pathlab_step__';

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
    return ts.isFunctionLike(inner) ? guarded(inner) : inner;
  };
  return ts.visitEachChild(file, visit, context);
};

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
function guarded(node: ts.SignatureDeclaration): ts.Node {
  if (ts.isArrowFunction(node)) {
    const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = node;
    const begun = ts.isBlock(body)
      ? begin(body)
      : factory.createParenthesizedExpression(factory.createComma(call(STEP), body));
    return factory.updateArrowFunction(
      node,
      modifiers,
      typeParameters,
      parameters,
      type,
      equalsGreaterThanToken,
      begun,
    );
  }
  if (ts.isFunctionExpression(node)) {
    const { modifiers, asteriskToken, name, typeParameters, parameters, type, body } = node;
    return factory.updateFunctionExpression(
      node,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      begin(body),
    );
  }
  if (ts.isFunctionDeclaration(node) && node.body) {
    const { modifiers, asteriskToken, name, typeParameters, parameters, type, body } = node;
    return factory.updateFunctionDeclaration(
      node,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      begin(body),
    );
  }
  if (ts.isMethodDeclaration(node) && node.body) {
    const { modifiers, asteriskToken, name, questionToken, typeParameters, parameters, type } =
      node;
    return factory.updateMethodDeclaration(
      node,
      modifiers,
      asteriskToken,
      name,
      questionToken,
      typeParameters,
      parameters,
      type,
      begin(node.body),
    );
  }
  if (ts.isConstructorDeclaration(node) && node.body) {
    const { modifiers, parameters, body } = node;
    return factory.updateConstructorDeclaration(node, modifiers, parameters, begin(body));
  }
  if (ts.isGetAccessorDeclaration(node) && node.body) {
    const { modifiers, name, parameters, type, body } = node;
    return factory.updateGetAccessorDeclaration(
      node,
      modifiers,
      name,
      parameters,
      type,
      begin(body),
    );
  }
  if (ts.isSetAccessorDeclaration(node) && node.body) {
    const { modifiers, name, parameters, body } = node;
    return factory.updateSetAccessorDeclaration(node, modifiers, name, parameters, begin(body));
  }
  return node;
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
