import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../lib/files';
import { notebookText, readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { CODE_STUB, checkWorkbook, solution, writeWorkbook } from '../../lib/workbook';
import { temporaryFolder } from '../temporaryFolder';

describe('a folder of notebooks', () => {
  /**
   * The project's own sources, copied, so that nothing of them is touched, and as carried out at
   * full size. Whether its own solutions are in step is what `npm run notebooks -- --check` says.
   */
  function copied(): { folder: string; path: (name: string) => string } {
    const folder = temporaryFolder();
    const sources = join(folder, 'instructor');
    cpSync(join(projectRoot, 'notebooks', 'instructor'), sources, { recursive: true });
    makeFolder(join(folder, 'solutions'));
    for (const name of readdirSync(sources).filter((file) => file.endsWith('.ipynb'))) {
      const source = readNotebook(join(sources, name));
      const executed = { ...source, metadata: { ...source.metadata, pathlab: { size: 'full' } } };
      writeFileSync(join(folder, 'solutions', name), notebookText(solution(executed, source)));
    }
    writeWorkbook(folder, join(folder, 'nothing'));
    return { folder, path: (name) => join(folder, name) };
  }
  const change = (path: string, from: string, to: string) => {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(path, text.replace(from, to));
  };

  it('is in step once it is written', () => {
    assert.deepEqual(checkWorkbook(copied().folder), []);
  });

  it('tells what is out of step, and changes nothing when it checks', () => {
    const { folder, path } = copied();
    change(path('part-0.ipynb'), 'Part 0', 'Part O');
    change(path('solutions/part-1.ipynb'), 'const lab = openLab();', 'const lab = openLab() ;');
    rmSync(path('solutions/part-2.ipynb'));
    const before = readFileSync(path('part-0.ipynb'), 'utf8');
    const problems = checkWorkbook(folder);
    assert.equal(problems.length, 3);
    assert.match(problems[0]!, /part-0\.ipynb is out of step: run npm run notebooks/);
    assert.match(problems[1]!, /solutions.part-1\.ipynb is out of step, cell 'imports' differs/);
    assert.match(problems[2]!, /part-2\.ipynb is out of step, it is missing: run npm run lab/);
    assert.equal(readFileSync(path('part-0.ipynb'), 'utf8'), before);
  });

  it("brings a solution's text up to date without a run, which it does not depend on", () => {
    const { folder, path } = copied();
    change(path('instructor/part-1.ipynb'), 'repeat their walk, and', 'repeat their walk and');
    assert.match(checkWorkbook(folder).join(), /solutions.part-1\.ipynb holds .* an older text/);
    assert.deepEqual(writeWorkbook(folder, folder), []);
    assert.deepEqual(checkWorkbook(folder), []);
    assert.match(readFileSync(path('solutions/part-1.ipynb'), 'utf8'), /repeat their walk and/);
  });

  it('clears what was carried out in a source, and says so before', () => {
    const { folder, path } = copied();
    change(path('instructor/part-0.ipynb'), '"execution_count": null', '"execution_count": 7');
    assert.match(checkWorkbook(folder).join(), /part-0\.ipynb holds outputs or counts/);
    assert.deepEqual(writeWorkbook(folder, folder), []);
    assert.deepEqual(checkWorkbook(folder), []);
  });

  it('wants a run at full size for the solutions', () => {
    const { folder, path } = copied();
    rmSync(path('solutions/part-0.ipynb'));
    assert.match(
      writeWorkbook(folder, path('nothing')).join(),
      /no solution of part-0\.ipynb in .*nothing, it has not been carried out: run npm run lab -- --part 0/,
    );
    const executed = readNotebook(path('instructor/part-0.ipynb'));
    const run = (size: string) => {
      makeFolder(path('run'));
      const metadata = { ...executed.metadata, pathlab: { size } };
      writeFileSync(path('run/part-0.ipynb'), notebookText({ ...executed, metadata }));
      return writeWorkbook(folder, path('run')).join();
    };
    assert.match(run('small'), /carried out at size small, not full/);
    assert.equal(run('full'), '');
    assert.ok(readNotebook(path('solutions/part-0.ipynb')).cells.length > 0);
  });

  it('does not write over a copy that somebody has worked in, nor over any other then', () => {
    const { folder, path } = copied();
    change(path('part-1.ipynb'), CODE_STUB, 'return a;');
    rmSync(path('part-0.ipynb'));
    assert.throws(
      () => writeWorkbook(folder, folder),
      /part-1\.ipynb holds outputs or answers, so somebody has worked in it; rename it/,
    );
    assert.ok(!existsSync(path('part-0.ipynb')));
    const other = copied();
    change(other.path('part-2.ipynb'), '"outputs": []', '"outputs": [{"output_type": "stream"}]');
    assert.throws(() => writeWorkbook(other.folder, folder), /part-2\.ipynb holds outputs/);
  });

  it('says when the sources are not there', () => {
    assert.throws(() => checkWorkbook(temporaryFolder()), /instructor is not there, and every/);
  });
});
