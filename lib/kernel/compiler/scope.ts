import ts from 'typescript';
import { CELL } from '../given';
import { classAssigned, functionAssigned, publication, withoutExport } from './declarations';
import { aliased, importCall, importEquals, isReexport } from './imports';
import { boundNames, isAmbient, isUsing } from './names';
import { newRewriting } from './rewrite';
import { inScope, newScoped, type Rewriting } from './scoped';

const { factory } = ts;

/**
 * All cells of a notebook share one object, `__scope__`, that holds what they declare at their top
 * level: `let a = 1` becomes `__scope__.a = 1`, and every mention of `a`, in this cell, in a later
 * one, or in a function that an earlier one made, is one of `__scope__.a`. So a function sees what a
 * later cell assigns, or declares anew, as in any notebook.
 *
 * @param earlier names of earlier cells that are brought in behind the cell's own text
 * @param end where the cell's own text ends
 */
export function throughScope(
  checker: ts.TypeChecker,
  earlier: ReadonlySet<string>,
  end: number,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const cell = file.statements.filter((statement) => statement.getStart(file) < end);
    const added = file.statements.filter((statement) => statement.getStart(file) >= end);
    const scoped = newScoped(checker, cell, added, earlier);
    return factory.updateSourceFile(
      file,
      statementsOf(cell, newRewriting(checker, scoped, context)),
    );
  };
}

/** A cell's statements: imports and functions come first, aliases of what it exports last. */
function statementsOf(cell: readonly ts.Statement[], at: Rewriting): ts.Statement[] {
  const first: ts.Statement[] = [];
  const rest: ts.Statement[] = [];
  const aliases: ts.Statement[] = [];
  const last = cell.findLast((one) => !ts.isExportDeclaration(one) && !ts.isEmptyStatement(one));
  for (const statement of cell) {
    if (isAmbient(statement)) continue;
    if (ts.isImportDeclaration(statement) || isReexport(statement)) {
      const call = importCall(statement, at.checker);
      if (call) first.push(ts.setTextRange(call, statement));
    } else if (ts.isExportDeclaration(statement)) aliases.push(...aliased(statement, at));
    else if (ts.isFunctionDeclaration(statement) && !isLocal(statement, at)) {
      const to = statement.name && inScope(statement.name);
      if (statement.body) first.push(...functionAssigned(at.visited(statement), to));
    } else if (statement === last && ts.isExpressionStatement(statement)) {
      rest.push(asValue(statement, at));
    } else rest.push(...(declared(statement, at) ?? statements(at.visit(statement))));
  }
  return [...first, ...rest, ...aliases];
}

type Named = ts.FunctionDeclaration | ts.ClassDeclaration;

const isLocal = ({ name }: Named, { scoped }: Rewriting) =>
  name !== undefined && scoped.locals.has(name.text);

/** What a statement declares, put into the scope; undefined for variables and what declares nothing. */
function declared(statement: ts.Statement, at: Rewriting): ts.Statement[] | undefined {
  if (ts.isFunctionDeclaration(statement)) {
    if (!statement.body) return [];
    return [withoutExport(at.visited(statement)), publication(statement.name!.text)];
  }
  if (ts.isClassDeclaration(statement)) {
    const { name } = statement;
    const body = at.scoped.inside(name, () => at.visited(statement));
    return name && isLocal(statement, at)
      ? [withoutExport(body), publication(name.text)]
      : classAssigned(body, name && inScope(name));
  }
  if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
    const { name } = statement;
    const body = at.scoped.inside(name, () => at.visited<ts.Statement>(statement));
    return [withoutExport(body), ...(ts.isIdentifier(name) ? [publication(name.text)] : [])];
  }
  if (ts.isImportEqualsDeclaration(statement)) {
    const made = importEquals(statement, at);
    return made ? [made] : [];
  }
  if (ts.isVariableStatement(statement) && isUsing(statement.declarationList)) {
    const names = boundNames(statement.declarationList);
    return [at.visited(statement), ...names.map(({ text }) => publication(text))];
  }
  if (ts.isExportAssignment(statement)) {
    return [factory.createExpressionStatement(at.expression(statement.expression))];
  }
  return undefined;
}

/** `__cell__.value = …`: what the last line comes to. */
function asValue(statement: ts.ExpressionStatement, at: Rewriting): ts.Statement {
  const value = factory.createPropertyAccessExpression(factory.createIdentifier(CELL), 'value');
  const kept = factory.createAssignment(value, at.expression(statement.expression));
  return ts.setTextRange(factory.createExpressionStatement(kept), statement);
}

function statements(result: ts.VisitResult<ts.Node | undefined>): ts.Statement[] {
  return (result === undefined ? [] : [result].flat()) as ts.Statement[];
}
