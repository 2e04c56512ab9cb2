import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../root';

const client = join(projectRoot, 'lib', 'page', 'client');

/** The live page as one text, its program and looks in it; what it shows comes in by `pageOf`. */
export async function bundlePage(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(client, 'main.ts'), join(client, 'style.css')],
    outdir: client,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'error',
  });
  const made = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))!.text;
  return readFileSync(join(client, 'page.html'), 'utf8')
    .replace('/* style */', () => made('.css').trim())
    .replace('/* script */', () => made('.js').trim());
}
