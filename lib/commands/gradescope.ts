import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { gradesIn } from '../grading/class/shards';
import { readWorkbook } from '../grading/class/workbook';
import { gradescopeResults, noResults } from '../grading/pages/gradescopeResults';
import { projectRoot, shortPath } from '../root';

/**
 * `npm run gradescope -- --out autograder.zip`: what Gradescope takes as an autograder, the
 * instructor's checkout with `setup.sh` and `run_autograder`. In its container
 * `--from GRADES --out results.json` writes what `npm run grade` has found as Gradescope reads it.
 */
async function gradescope(): Promise<number> {
  const options = readOptions('gradescope', { out: { type: 'string' }, from: { type: 'string' } });
  if (options.out === undefined) {
    throw new InputError(
      'gradescope: say where to, as in npm run gradescope -- --out autograder.zip',
    );
  }
  const out = resolve(options.out);
  if (options.from !== undefined) {
    writeAtomically(out, `${JSON.stringify(resultsIn(resolve(options.from)), null, 1)}\n`);
    return 0;
  }
  await writeZip(out);
  const megabytes = (statSync(out).size / 1e6).toFixed(1);
  console.log(`${shortPath(out)} (${megabytes} MB): upload it as the assignment's autograder`);
  return 0;
}

/** Nothing of it is a student's fault where no grade was kept. */
function resultsIn(grades: string) {
  const said = join(grades, 'said.txt');
  try {
    return gradescopeResults(gradesIn(grades)[0]!, readWorkbook().tasks);
  } catch (error) {
    const told = existsSync(said)
      ? readFileSync(said, 'utf8').trim().split('\n').at(-1)
      : undefined;
    return noResults(told || (error instanceof Error ? error.message : String(error)));
  }
}

/** What the grader needs not. */
const LEFT_OUT =
  /^(test|bench|docs|deploy|\.ci|\.github|\.devcontainer|\.binder|notebooks\/solutions)\//;

async function writeZip(out: string): Promise<void> {
  const git = spawnSync('git', ['ls-files', '-z'], { cwd: projectRoot, encoding: 'utf8' });
  if (git.status !== 0) {
    throw new InputError(
      'gradescope: git does not know which files belong to the checkout; run it in a clone',
    );
  }
  const zip = new ZipFile();
  for (const name of git.stdout.split('\0')) {
    const path = join(projectRoot, name);
    if (name === '' || LEFT_OUT.test(name) || !existsSync(path) || statSync(path).isDirectory()) {
      continue;
    }
    zip.addFile(path, name);
  }
  for (const name of ['setup.sh', 'run_autograder']) {
    zip.addFile(join(projectRoot, 'deploy', 'gradescope', name), name, { mode: 0o100755 });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(out));
}

runCommand(gradescope);
