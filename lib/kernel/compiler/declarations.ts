import ts from 'typescript';
import { SCOPE } from '../given';
import { isExported } from './names';

const { factory } = ts;

/** A function of a cell's top level as one that the scope is given; without a name it is nothing. */
export function functionAssigned(
  node: ts.FunctionDeclaration,
  to: ts.Expression | undefined,
): ts.Statement[] {
  if (!to) return [];
  const { asteriskToken, name, typeParameters, parameters, type, body } = node;
  const isAsync = ts.getModifiers(node)?.filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  const made = factory.createFunctionExpression(
    isAsync,
    asteriskToken,
    name && factory.createIdentifier(name.text),
    typeParameters,
    parameters,
    type,
    body!,
  );
  return [
    ts.setTextRange(
      factory.createExpressionStatement(factory.createAssignment(to, ts.setTextRange(made, node))),
      node,
    ),
  ];
}

/** A class of a cell's top level as one that the scope is given. */
export function classAssigned(
  node: ts.ClassDeclaration,
  to: ts.Expression | undefined,
): ts.Statement[] {
  const { name, typeParameters, heritageClauses, members } = node;
  const made = factory.createClassExpression(
    ts.getDecorators(node),
    name && factory.createIdentifier(name.text),
    typeParameters,
    heritageClauses,
    members,
  );
  const value = ts.setTextRange(ts.setOriginalNode(made, node), node);
  const statement = factory.createExpressionStatement(
    to ? factory.createAssignment(to, value) : factory.createVoidExpression(value),
  );
  return [ts.setTextRange(statement, node)];
}

/** `__scope__.E = typeof E === "undefined" ? undefined : E`: a namespace of types is not there. */
export function publication(name: string): ts.Statement {
  const id = () => factory.createIdentifier(name);
  const missing = factory.createStrictEquality(
    factory.createTypeOfExpression(id()),
    factory.createStringLiteral('undefined'),
  );
  const value = factory.createConditionalExpression(
    missing,
    undefined,
    factory.createVoidZero(),
    undefined,
    id(),
  );
  const to = factory.createPropertyAccessExpression(factory.createIdentifier(SCOPE), name);
  return factory.createExpressionStatement(factory.createAssignment(to, value));
}

/** A statement without the words by which modules say what they give. */
export function withoutExport<T extends ts.Statement>(statement: T): T {
  if (!isExported(statement) || !ts.canHaveModifiers(statement)) return statement;
  const kept = statement.modifiers?.filter(
    ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
  );
  return factory.replaceModifiers(
    statement as unknown as ts.EnumDeclaration,
    kept?.filter(ts.isModifier) ?? [],
  ) as unknown as T;
}
