import ts from 'typescript';
import { DYNAMIC_IMPORT, META } from '../given';
import { underGuard } from './guards';
import { isAwaitUsing } from './names';
import { asModule, TARGET } from './program';

/** A file beside the notebook as JavaScript: a CommonJS module under guard. */
export interface Transpiled {
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map: string;
  /** Whether it awaits at its top level. */
  readonly awaits: boolean;
  /** What is wrong with its syntax first: `2:5: …`, by line and column. */
  readonly wrong?: string;
}

export function transpile(path: string, source: string): Transpiled {
  // Not as .mjs, whose imports would stay as they are.
  const fileName = path.replace(/\.[cm]([jt]s)$/, '.$1');
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: TARGET,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
    },
    transformers: { before: [asGiven, underGuard] },
  });
  const code = outputText.replace(/^#!/, '//').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
  const [first] = diagnostics ?? [];
  const awaits = awaitsAtTop(parse(path, source));
  return { code, map: sourceMapText!, awaits, ...(first && { wrong: told(first) }) };
}

function told({ file, start = 0, messageText }: ts.Diagnostic): string {
  const { line = 0, character = 0 } = file?.getLineAndCharacterOfPosition(start) ?? {};
  return `${line + 1}:${character + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

/** The modules that a file imports, or exports from, when it is loaded, and whether it awaits. */
export function outline(path: string, source: string): { imports: string[]; awaits: boolean } {
  const file = parse(path, source);
  const imports = file.statements.flatMap((one) =>
    (ts.isImportDeclaration(one) || ts.isExportDeclaration(one)) &&
    one.moduleSpecifier &&
    ts.isStringLiteral(one.moduleSpecifier)
      ? [one.moduleSpecifier.text]
      : [],
  );
  return { imports, awaits: awaitsAtTop(file) };
}

/** `import.meta` and `import(…)` as what the file is given. */
const asGiven: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return factory.createIdentifier(META);
    }
    const inner = ts.visitEachChild(node, visit, context);
    return ts.isCallExpression(inner) && inner.expression.kind === ts.SyntaxKind.ImportKeyword
      ? factory.updateCallExpression(
          inner,
          factory.createIdentifier(DYNAMIC_IMPORT),
          undefined,
          inner.arguments,
        )
      : inner;
  };
  return ts.visitEachChild(file, visit, context);
};

function parse(path: string, source: string): ts.SourceFile {
  const how = { languageVersion: TARGET, setExternalModuleIndicator: asModule };
  return ts.createSourceFile(path, source, how, true);
}

/** Whether a file awaits outside of its functions. */
function awaitsAtTop(file: ts.SourceFile): boolean {
  const find = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) && isAwaitUsing(node)) ||
    (!ts.isFunctionLike(node) && ts.forEachChild(node, find) === true);
  return find(file);
}
