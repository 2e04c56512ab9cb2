import { basename, isAbsolute, join, relative } from 'node:path';
import ts from 'typescript';
import type { Compiled, Complaint, Knowledge, Origin, Refused } from '../messages';
import { asMeant } from './before';
import { foreign } from './foreign';
import { underGuard } from './guards';
import { declaredNames, lateNames, mentionedNames } from './names';
import { withAgain } from './plainNames';
import { asModule, programsIn, TARGET } from './program';
import { throughScope } from './scope';
import { IMPORTS, newSession, SESSION, type Suffix } from './session';
import { inCell, putting, sideModule } from './sideModule';

export interface Compiler {
  /** Compiles a cell after those that are known. */
  compile(source: string): Compiled | Refused;
  /** Has later cells know what one has declared. */
  learn(knowledge: Knowledge): void;
  /** Lets go of what it has found out and can find out again. */
  rest(): void;
  /** What an editor asks of a cell after those that are known; `also` are names to have in it. */
  edit(
    source: string,
    also?: (name: string) => boolean,
  ): { readonly service: ts.LanguageService; readonly path: string };
}

/** Compiles the cells of a notebook in a folder. */
export function createCompiler(cwd: string): Compiler {
  const path = join(cwd, '__cell__.ts');
  const beside = [SESSION, IMPORTS] as const;
  const programs = programsIn(cwd, [path, ...beside.map((name) => join(cwd, name))]);
  const session = newSession((name, text) => programs.write(join(cwd, name), text));

  const parse = (source: string) => {
    const how = { languageVersion: TARGET, setExternalModuleIndicator: asModule };
    return ts.createSourceFile(path, source, how, true);
  };
  const write = (text: string, suffix: Suffix) => {
    programs.write(path, `${text}\n${suffix.text}`);
    for (const name of beside) programs.write(join(cwd, name), suffix.files[name]);
  };

  const compiler: Compiler = {
    compile(source) {
      const side = sideModule(source);
      if (side !== undefined) {
        programs.write(join(cwd, side), source);
        const using = compiler.compile(`import './${basename(side, '.ts')}'`);
        if (!('complaints' in using)) return putting(side, source);
        return { complaints: using.complaints.map((one) => inCell(one, side, source)) };
      }
      const parsed = parse(source);
      const declared = declaredNames(parsed);
      const meant = asMeant(parsed, (name) => session.origin(name) !== undefined);
      const check = (mentioned: Iterable<string>) => {
        const suffix = session.suffix(mentioned, declared, meant.names);
        write(meant.text, suffix);
        // A file beside the notebook can have come since.
        if (/['"]\.{1,2}\//.test(source)) programs.forget();
        const program = programs.now();
        const file = program.getSourceFile(path)!;
        const complaints = complaintsOf(program, file, meant.text, cwd, session.origin);
        return { program, file, complaints, names: suffix.names };
      };
      const { program, file, names: earlier, ...found } = check(mentionedNames(parsed));
      // A name that is misspelt may be like one that the cell does not mention.
      const { complaints } = found.complaints.some(({ code }) => code === UNKNOWN)
        ? check(session.names())
        : found;
      if (complaints.length > 0) {
        programs.forget();
        const unmarked = ({ start, end, ...rest }: Complaint) => ({
          ...rest,
          start: meant.back(start),
          end: meant.back(end),
        });
        const mapped = complaints.map(unmarked);
        const other = foreign(source, mapped);
        return { complaints: other ? [other] : mapped };
      }
      const transformers = {
        before: [throughScope(program.getTypeChecker(), earlier, meant.text.length), underGuard],
      };
      const out = { js: '', map: '', declarations: '' };
      program.emit(
        file,
        (name, text) => {
          if (name.endsWith('.map')) out.map = text;
          else if (name.endsWith('.d.ts')) out.declarations = text;
          else out.js = text;
        },
        undefined,
        false,
        transformers,
      );
      const whole = program.getDeclarationDiagnostics(file).length === 0;
      const code = out.js
        .replace(/^#!/, '//')
        .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '')
        .replace(/(^|\n)export \{\};\n?$/, '$1');
      const values = declared.filter(({ origin }) => origin !== 'type');
      const names = values.map(({ name }) => name);
      return {
        program: { code, map: out.map, names, late: lateNames(parsed) },
        knowledge: { declared, text: whole ? out.declarations : file.text, isSource: !whole },
      };
    },
    learn(knowledge) {
      if (knowledge.file === undefined) session.learn(knowledge);
      else programs.write(join(cwd, knowledge.file), knowledge.text);
    },
    rest: programs.rest,
    edit(source, also = () => false) {
      const parsed = parse(source);
      const names = new Set([...mentionedNames(parsed), ...[...session.names()].filter(also)]);
      const suffix = session.suffix(names, declaredNames(parsed), new Set());
      write(source, suffix);
      return { service: programs.service(), path };
    },
  };
  return compiler;
}

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
const UNKNOWN = 2304;
const WHAT: Partial<Record<Origin, string>> = {
  function: 'a function',
  class: 'a class',
  enum: 'an enum',
  namespace: 'a namespace',
};

/** What is wrong with a cell and with the files beside the notebook that it imports. */
function complaintsOf(
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
