import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { arrange, submissionsIn } from '../../lib/grading/submitted/arrange';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { run } from './run';

/** With what a lab's folder has kept at the small size. */
function submitSmall(lab: string, zip: string) {
  process.env.LAB_OUT = lab;
  try {
    return run('submit', '--name', 'ivanov', '--size', 'small', '--out', zip);
  } finally {
    delete process.env.LAB_OUT;
  }
}

describe('npm run submit', () => {
  it('packs notebooks and nets, not what checks found, and reads them as the grader will', async () => {
    const lab = temporaryFolder();
    writeFileSync(join(lab, 'theta.safetensors'), 'weights');
    mkdirSync(join(lab, 'verdicts'));
    writeFileSync(join(lab, 'verdicts', '1.1-checkMinima.json'), '{}');
    const zip = join(temporaryFolder(), 'handed-in.zip');
    const { status, stdout, stderr } = submitSmall(lab, zip);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^✓ 1 of 1 nets, grids and figures of the small size$/m);
    assert.match(stdout, /^… part-2\.ipynb: task-2-3-basis is not answered yet$/m);
    assert.match(stdout, /^… part-4\.2\.ipynb: .* is not answered yet \(optional, no points\)$/m);
    assert.doesNotMatch(stdout, /✓ every answer/);
    const [there] = (await arrange([zip], temporaryFolder())).paths as [string];
    const notebooks = readdirSync(join(projectRoot, 'notebooks')).filter((name) =>
      /^part-.*\.ipynb$/.test(name),
    );
    assert.deepEqual(readdirSync(there), ['ivanov']);
    assert.deepEqual(readdirSync(join(there, 'ivanov')).sort(), [
      ...notebooks,
      'theta.safetensors',
    ]);
    assert.equal(readFileSync(join(there, 'ivanov', 'theta.safetensors'), 'utf8'), 'weights');
    assert.deepEqual(
      readFileSync(join(there, 'ivanov', 'part-1.ipynb')),
      readFileSync(join(projectRoot, 'notebooks', 'part-1.ipynb')),
    );
  });

  it('is content where nothing but what is optional is open', () => {
    const folder = temporaryFolder();
    const from = (path: string, pattern: RegExp) => {
      for (const name of readdirSync(join(projectRoot, path)).filter((one) => pattern.test(one))) {
        copyFileSync(join(projectRoot, path, name), join(folder, name));
      }
    };
    from('notebooks/solutions', /^part-[0-3]/);
    from('notebooks', /^part-4/);
    const out = ['--out', join(temporaryFolder(), 'all.zip')];
    const { stdout, stderr } = run('submit', '--name', 'ivanov', ...out, folder);
    assert.match(stdout, /\(optional, no points\)\n✓ every answer with points is there\n$/, stderr);
    assert.doesNotMatch(stdout, /^… part-[0-3]/m);
  });

  it('packs all that is kept where every part was carried through', () => {
    const lab = temporaryFolder();
    // At the full size, figures mostly: Part 3.1 keeps 84 files, Part 4 some 160.
    for (let i = 0; i < 180; i++) writeFileSync(join(lab, `figures-${i}.json`), '{}');
    for (let i = 0; i < 100; i++) writeFileSync(join(lab, `net-${i}.safetensors`), '');
    const { status, stdout } = submitSmall(lab, join(temporaryFolder(), 'all.zip'));
    assert.match(stdout, /^✓ 280 of 280 nets, grids and figures of the small size$/m);
    assert.doesNotMatch(stdout, /^✗/m);
    assert.equal(status, 0);
  });

  it('packs the modules that notebooks import, as the grader takes them', async () => {
    const [folder, target] = [temporaryFolder(), join(temporaryFolder(), 'with-module.zip')];
    copyFileSync(
      join(projectRoot, 'notebooks/solutions/part-1.ipynb'),
      join(folder, 'part-1.ipynb'),
    );
    writeFileSync(join(folder, 'helper.ts'), 'export const mix = 1;');
    mkdirSync(join(folder, 'no-module.ts'));
    process.env.LAB_OUT = temporaryFolder();
    const { status, stdout, stderr } = run('submit', '--name', 'ann', '--out', target, folder);
    delete process.env.LAB_OUT;
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^✓ helper\.ts goes along with the notebooks$/m);
    const { submissions } = submissionsIn(await arrange([target], temporaryFolder()));
    assert.deepEqual(
      submissions[0]!.beside.map((path) => basename(path)),
      ['helper.ts'],
    );
  });

  it('packs nothing that the grader would leave out', () => {
    const [lab, target] = [temporaryFolder(), join(temporaryFolder(), 'too-much.zip')];
    for (let i = 0; i < 501; i++) writeFileSync(join(lab, `net-${i}.safetensors`), '');
    const { status, stderr } = submitSmall(lab, target);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^submit: the grader would leave ivanov\.zip out, because it cannot be unpacked: it holds more than 500 files, or more than 300 MB; move nets away/,
    );
    assert.ok(!existsSync(target));
  });

  it('asks whose it is, before anything is packed', () => {
    const zip = join(temporaryFolder(), 'nobody.zip');
    const { status, stderr } = run('submit', '--name', '../other', '--out', zip);
    assert.equal(status, 1);
    assert.match(stderr, /^submit: say whose it is, .*--name ivanov; got \.\.\/other\n$/);
    // Vowels of Hindi are marks upon letters. What is wrong then is the size.
    const { stderr: next } = run('submit', '--name', 'अनिल', '--size', 'tiny', '--out', zip);
    assert.doesNotMatch(next, /whose it is/);
    assert.match(next, /\(LAB_SIZE\) must be full or small/);
    assert.ok(!existsSync(zip));
  });
});
