import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../lib/root';

/** A name that `pathlab/lab` exports, and so all of `pathlab`, with what its docstring says. */
export interface PublicName {
  readonly name: string;
  /** The file that declares it, from lib on. */
  readonly file: string;
  readonly summary: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  /** What it is declared as; a function has parameters and a body. */
  readonly declaration: ts.Declaration;
  /** Its type if it is a function's: what it gives back. */
  readonly returns: string | undefined;
}

const lab = join(projectRoot, 'lib', 'lab.ts');

let names: PublicName[] | undefined;

/** Every name that lib/lab.ts exports, read by the compiler, once for all tests. */
export function publicNames(): PublicName[] {
  names ??= readNames();
  return names;
}

function readNames(): PublicName[] {
  const program = ts.createProgram([lab], compilerOptions());
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(lab)!)!;
  return checker.getExportsOfModule(module).map((exported) => {
    const isAlias = exported.flags & ts.SymbolFlags.Alias;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.declarations![0]!;
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    return {
      name: exported.name,
      file: declaration.getSourceFile().fileName.replace(`${join(projectRoot, 'lib')}/`, ''),
      summary: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      tags: symbol
        .getJsDocTags(checker)
        .map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
      declaration,
      returns: signature && checker.typeToString(signature.getReturnType()),
    };
  });
}

export function compilerOptions(): ts.CompilerOptions {
  const file = join(projectRoot, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, projectRoot).options;
}
