import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectReflection } from 'typedoc';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { makeFolder, writeAtomically } from '../files';
import { projectRoot, shortPath } from '../root';

/** The folders of lib whose names `pathlab/lab` exports, in the order in which data flows. */
const FOLDERS = [
  'data',
  'nn',
  'optim',
  'weights',
  'training',
  'paths',
  'plane',
  'curvature',
  'matching',
  'connected',
  'engine',
  'plots',
  'tables',
  'notebook',
  'checks',
  'standing',
];

/**
 * `npm run docs`: writes the API reference, docs/api, from the docstrings, a page a folder. With
 * `--check` it writes nothing and tells what is out of step.
 */
async function docs(): Promise<number> {
  const { check } = readOptions('docs', { check: { type: 'boolean', default: false } });
  const folder = join(projectRoot, 'docs', 'api');
  const made = mkdtempSync(join(tmpdir(), 'pathlab-docs-'));
  try {
    await generate(made);
    const names = [...new Set([...pagesOf(made), ...pagesOf(folder)])].sort();
    const differing = names.filter((name) => textOf(made, name) !== textOf(folder, name));
    if (check) {
      for (const name of differing) console.error(`${name} is out of step: run npm run docs`);
      if (differing.length > 0) return 1;
    } else {
      makeFolder(folder);
      for (const name of differing) {
        const text = textOf(made, name);
        if (text === undefined) rmSync(join(folder, name));
        else writeAtomically(join(folder, name), text);
      }
    }
  } finally {
    rmSync(made, { recursive: true });
  }
  console.log(`${shortPath(folder)} ${check ? 'is in step with' : 'is written from'} lib`);
  return 0;
}

function pagesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
}

function textOf(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * Has TypeDoc write its pages into a folder.
 *
 * @throws InputError when a docstring is at fault: it names what is not there, say
 */
async function generate(folder: string): Promise<void> {
  const { Application, Converter } = await import('typedoc');
  const lib = join(projectRoot, 'lib');
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [...FOLDERS.map((name) => join(name, 'index.ts')), 'index.ts', 'lab.ts'].map(
      (name) => join(lib, name),
    ),
    tsconfig: join(projectRoot, 'tsconfig.json'),
    // `npm run check` does that.
    skipErrorChecking: true,
    readme: join(lib, 'README.md'),
    name: 'pathlab',
    disableGit: true,
    disableSources: true,
    sortEntryPoints: false,
    excludeExternals: true,
    sort: ['alphabetical'],
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
    treatWarningsAsErrors: true,
    // Lists that a type's members come from, and plain names for plain types.
    intentionallyNotExported: ['BANDS', 'QUANTITIES', 'Environment'],
    logLevel: 'Warn',
    outputs: [{ name: 'markdown', path: folder }],
    ...MARKDOWN,
  });
  // Before it sorts them into groups.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    keepPublic(project);
    nameParameters(project);
  });
  const project = await app.convert();
  if (project === undefined) throw new InputError('docs: TypeDoc could not read lib');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new InputError(
      'docs: mend what TypeDoc has complained of above: a docstring, or a type that an index.ts ' +
        'does not export',
    );
  }
  for (const name of pagesOf(folder)) {
    writeFileSync(join(folder, name), mendAnchors(textOf(folder, name)!));
  }
}

/**
 * A type and a function of one name but for its first letter, `Check` and `check`: the plugin counts
 * each twice and links to `#check-3`, where every reader of Markdown has `#check-1`.
 */
function mendAnchors(text: string): string {
  return text.replace(/(\]\([a-z.]*#[a-z]+)-3\)/g, '$1-1)');
}

/** How the pages look: see typedoc-plugin-markdown's options. */
const MARKDOWN = {
  outputFileStrategy: 'modules',
  mergeReadme: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  expandObjects: true,
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
} as const;

/** Leaves out what the folders export and `pathlab/lab`, the last module, does not. */
function keepPublic(project: ProjectReflection): void {
  const modules = project.children ?? [];
  const moduleOf = (own: string) => modules.find(({ name }) => name === own)!;
  const [pathlab, lab] = [moduleOf('index'), moduleOf('lab')];
  const names = new Set(lab.children?.map(({ name }) => name));
  for (const module of modules) {
    for (const child of [...(module.children ?? [])]) {
      if (child.isReference() || !names.has(child.name)) project.removeReflection(child);
    }
  }
  project.removeReflection(lab);
  pathlab.name = 'ground';
}

/** A parameter that is taken apart has no name of its own: it is called as its type is. */
function nameParameters(project: ProjectReflection): void {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.name !== '__namedParameters' || !reflection.isParameter()) continue;
    const type = reflection.type?.type === 'reference' ? reflection.type.name : 'Options';
    reflection.name = type.endsWith('Options') ? 'options' : type[0]!.toLowerCase() + type.slice(1);
  }
}

runCommand(docs);
