import { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `import.meta` of a file. */
export function metaOf(path: string): ImportMeta {
  const url = pathToFileURL(path).href;
  const resolve = (id: string): string => {
    if (isBuiltin(id)) return `node:${id.replace(/^node:/, '')}`;
    if (/^(\.{0,2}\/|[a-z]+:)/.test(id)) return new URL(id, url).href;
    return pathToFileURL(createRequire(path).resolve(id)).href;
  };
  return { url, filename: path, dirname: dirname(path), resolve } as ImportMeta;
}
