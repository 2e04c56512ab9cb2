import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../lib/root';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const withoutCode = (text: string) => text.replace(/```.*?```/gs, '');

/** The anchors of a page as GitHub makes them of its headings, and those that stand in it. */
function anchorsOf(path: string): Set<string> {
  const text = withoutCode(read(path));
  const anchors = new Set([...text.matchAll(/id="([^"]+)"/g)].map(([, id]) => id!));
  for (const [, heading] of text.matchAll(/^#+ +(.*)$/gm)) {
    const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

describe('links of the Markdown files', () => {
  it('lead to files and headings that are there', () => {
    const folders = ['docs', 'docs/api', 'lib', 'lib/kernel', 'data', 'notebooks/instructor'];
    const pages = ['.', ...folders].flatMap((folder) =>
      readdirSync(join(projectRoot, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    );
    const broken = pages.flatMap((page) => {
      const prose = withoutCode(read(page)).replace(/`[^`\n]*`/g, '');
      const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
      const local = links.filter((link) => !/^[a-z]+:/.test(link));
      return local.filter((link) => !isThere(page, link)).map((link) => `${page}: ${link}`);
    });
    assert.ok(pages.length > 20, 'the pages were found');
    assert.deepEqual(broken, []);
  });

  it('and the tests and benchmarks that docs name are there', () => {
    const pages = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
    const named = pages.flatMap((page) =>
      [
        ...read(join('docs', page)).matchAll(
          /\b(?:test|bench)\/[\w/.-]+\.(?:ts|py|sh|svg|jsonl?)\b/g,
        ),
      ].map(([path]) => `${page}: ${path}`),
    );
    assert.ok(named.length > 20, 'some are named');
    const gone = named.filter((one) => !existsSync(join(projectRoot, one.split(': ')[1]!)));
    assert.deepEqual(gone, []);
  });
});

function isThere(page: string, link: string): boolean {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path!);
  if (!existsSync(join(projectRoot, target))) return false;
  return anchor === undefined || anchorsOf(target).has(anchor);
}
