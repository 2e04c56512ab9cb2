import { basename, join } from 'node:path';
import ts from 'typescript';
import type { Compiled, Complaint, Knowledge, Program, Refused } from '../messages';
import { asMeant, type Marked } from './before';
import { complaintsOf, UNKNOWN } from './diagnostics';
import { foreign } from './foreign';
import { underGuard } from './guards';
import { declaredNames, lateNames, mentionedNames } from './names';
import { asModule, type Programs, programsIn, TARGET } from './program';
import { throughScope } from './scope';
import { IMPORTS, newSession, SESSION, type Session, type Suffix } from './session';
import { inCell, putting, sideModule } from './sideModule';

export interface Compiler {
  /** Compiles a cell after those that are known. */
  compile(source: string): Compiled | Refused;
  /** Has later cells know what one has declared. */
  learn(knowledge: Knowledge): void;
  /** Lets go of what it has found out and can find out again. */
  rest(): void;
  /** The names that earlier cells have declared. */
  names(): readonly string[];
  /**
   * What an editor asks of a cell after those that are known. It has `also` of their names besides
   * those that it mentions, and of `offered` no more than what kind they are of.
   */
  edit(
    source: string,
    also?: readonly string[],
    offered?: readonly string[],
  ): { readonly service: ts.LanguageService; readonly path: string };
}

/** What the cells of a notebook are compiled with. */
interface Notebook {
  readonly cwd: string;
  /** The file that the cell in hand is. */
  readonly path: string;
  readonly programs: Programs;
  readonly session: Session;
}

/** The files beside the cell's own. */
const BESIDE = [SESSION, IMPORTS] as const;

/** Compiles the cells of a notebook in a folder. */
export function createCompiler(cwd: string): Compiler {
  const path = join(cwd, '__cell__.ts');
  const programs = programsIn(cwd, [path, ...BESIDE.map((name) => join(cwd, name))]);
  const session = newSession((name, text) => programs.write(join(cwd, name), text));
  const notebook: Notebook = { cwd, path, programs, session };
  return {
    compile(source) {
      const side = sideModule(source);
      return side === undefined
        ? compileCell(notebook, source)
        : compileSide(notebook, side, source);
    },
    learn(knowledge) {
      if (knowledge.file === undefined) session.learn(knowledge);
      else programs.write(join(cwd, knowledge.file), knowledge.text);
    },
    rest: programs.rest,
    names: () => [...session.names()],
    edit(source, also = [], offered = []) {
      const parsed = parse(path, source);
      const names = new Set([...mentionedNames(parsed), ...also]);
      const others = offered.filter((name) => !names.has(name));
      write(notebook, source, session.suffix(names, declaredNames(parsed), new Set(), others));
      return { service: programs.service(), path };
    },
  };
}

function parse(path: string, source: string): ts.SourceFile {
  const how = { languageVersion: TARGET, setExternalModuleIndicator: asModule };
  return ts.createSourceFile(path, source, how, true);
}

function write({ cwd, path, programs }: Notebook, text: string, suffix: Suffix): void {
  programs.write(path, `${text}\n${suffix.text}`);
  for (const name of BESIDE) programs.write(join(cwd, name), suffix.files[name]);
}

/** Compiles a cell that is a file beside the notebook, as one that imports it. */
function compileSide(notebook: Notebook, side: string, source: string): Compiled | Refused {
  notebook.programs.write(join(notebook.cwd, side), source);
  const using = compileCell(notebook, `import './${basename(side, '.ts')}'`);
  if (!('complaints' in using)) return putting(side, source);
  return { complaints: using.complaints.map((one) => inCell(one, side, source)) };
}

function compileCell(notebook: Notebook, source: string): Compiled | Refused {
  const { cwd, path, programs, session } = notebook;
  const parsed = parse(path, source);
  const declared = declaredNames(parsed);
  const meant = asMeant(parsed, (name) => session.origin(name) !== undefined);
  const check = (mentioned: Iterable<string>) => {
    const suffix = session.suffix(mentioned, declared, meant.names);
    write(notebook, meant.text, suffix);
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
    return refused(source, meant, complaints);
  }
  const throughNames = throughScope(program.getTypeChecker(), earlier, meant.text.length);
  const { code, map, ...rest } = emitted(program, file, [throughNames, underGuard]);
  const values = declared.filter(({ origin }) => origin !== 'type');
  const names = values.map(({ name }) => name);
  return {
    program: { code, map, names, late: lateNames(parsed) },
    knowledge: { declared, ...rest },
  };
}

/** What the compiler has to say against a cell, with places in the cell as its user wrote it. */
function refused(source: string, { back }: Marked, complaints: readonly Complaint[]): Refused {
  const own = complaints.map(({ start, end, ...rest }) => ({
    ...rest,
    start: back(start),
    end: back(end),
  }));
  const other = foreign(source, own);
  return { complaints: other ? [other] : own };
}

/** A cell as JavaScript, with its declarations, or its source where they cannot stand alone. */
function emitted(
  program: ts.Program,
  file: ts.SourceFile,
  before: ts.TransformerFactory<ts.SourceFile>[],
): Pick<Program, 'code' | 'map'> & Pick<Knowledge, 'text' | 'isSource'> {
  const out = { js: '', map: '', declarations: '' };
  const take = (name: string, text: string) => {
    if (name.endsWith('.map')) out.map = text;
    else if (name.endsWith('.d.ts')) out.declarations = text;
    else out.js = text;
  };
  program.emit(file, take, undefined, false, { before });
  const code = out.js
    .replace(/^#!/, '//')
    .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '')
    .replace(/(^|\n)export \{\};\n?$/, '$1');
  const isSource = program.getDeclarationDiagnostics(file).length > 0;
  return { code, map: out.map, text: isSource ? file.text : out.declarations, isSource };
}
