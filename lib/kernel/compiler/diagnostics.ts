import { isAbsolute, relative } from 'node:path';
import ts from 'typescript';
import type { Complaint, Origin } from '../messages';
import { withAgain } from './plainNames';
import { TARGET } from './program';

type OriginOf = (name: string) => Origin | undefined;

/** "Cannot assign to 'f' because it is an import", as which TypeScript has what earlier cells made. */
const IS_IMPORT = 2632;
/** What TypeScript advises on a name of a later language: see LIBS. */
const OTHER_LIB =
  /Do you need to change your target library\? Try changing the 'lib' compiler option to '[^']*' or later\./;
/** What it advises on a name of the browser's, as `document`. */
const NO_PAGE =
  "Do you need to change your target library? Try changing the 'lib' compiler option to include 'dom'.";
/** "Cannot find name", without one that is like it. */
export const UNKNOWN = 2304;
const WHAT: Partial<Record<Origin, string>> = {
  function: 'a function',
  class: 'a class',
  enum: 'an enum',
  namespace: 'a namespace',
};

/** What is wrong with a cell and with the files beside the notebook that it imports. */
export function complaintsOf(
  program: ts.Program,
  file: ts.SourceFile,
  source: string,
  cwd: string,
  originOf: OriginOf,
): Complaint[] {
  const place = (diagnostic: ts.Diagnostic): Complaint[] => {
    const { file: where, code, start = 0, length = 0 } = diagnostic;
    const text = withAgain(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    const origin = where === file && originOf(file.text.slice(start, start + length));
    const message = (
      code === IS_IMPORT && origin ? text.replace('an import', WHAT[origin] ?? '$&') : text
    )
      .replace(OTHER_LIB, `Node ${process.versions.node} lacks it; a later one has it.`)
      .replace(NO_PAGE, "It is a browser's: cells run in Node, which has no page.");
    if (where === file) {
      const end = Math.min(start + length, source.length);
      return [{ message, code, start: Math.min(start, source.length), end }];
    }
    // A global type that is missing is missing nowhere in particular.
    if (!where) return [{ message, code, start: 0, end: 0 }];
    const { line, character } = where.getLineAndCharacterOfPosition(start);
    const name = relative(cwd, where.fileName);
    return [
      { message, code, start: 0, end: 0, file: { name, line: line + 1, column: character + 1 } },
    ];
  };
  const all = [file, ...besides(program.getTypeChecker(), file, cwd)];
  const syntax = all.flatMap((one) => program.getSyntacticDiagnostics(one));
  if (syntax.some((one) => one.file === file)) {
    const own = syntaxOf(source);
    if (own.length > 0) return own;
  }
  if (syntax.length > 0) return ts.sortAndDeduplicateDiagnostics(syntax).flatMap(place);
  const found = all.flatMap((one) => program.getSemanticDiagnostics(one));
  return ts
    .sortAndDeduplicateDiagnostics(found)
    .filter((one) => one.file !== file || (one.start ?? 0) <= source.length)
    .flatMap(place);
}

/** What is wrong with the syntax of a cell, of itself: an open brace swallows what stands behind it. */
export function syntaxOf(source: string): Complaint[] {
  const { diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    fileName: 'cell.ts',
    compilerOptions: {
      target: TARGET,
      module: ts.ModuleKind.Preserve,
      moduleDetection: ts.ModuleDetectionKind.Force,
    },
  });
  return diagnostics.map(({ code, start = 0, length = 0, messageText }) => ({
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    code,
    start,
    end: Math.min(start + length, source.length),
  }));
}

/** The files beside the notebook that a cell imports, and those that they import. */
function besides(checker: ts.TypeChecker, file: ts.SourceFile, cwd: string): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>();
  const visit = (node: ts.Node): void => {
    // Every text can be a module's name: of import and export, import() and import types.
    const symbol = ts.isStringLiteral(node) ? checker.getSymbolAtLocation(node) : undefined;
    const module = symbol?.declarations?.find(ts.isSourceFile);
    if (module && module !== file && !found.has(module) && isBeside(module, cwd)) {
      found.add(module);
      visit(module);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found];
}

function isBeside({ isDeclarationFile, fileName }: ts.SourceFile, cwd: string): boolean {
  const inside = relative(cwd, fileName);
  return (
    !isDeclarationFile &&
    !fileName.includes('/node_modules/') &&
    !inside.startsWith('..') &&
    !isAbsolute(inside)
  );
}
