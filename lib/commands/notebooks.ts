import { join, resolve } from 'node:path';
import { readOptions, runCommand } from '../command';
import { projectRoot, shortPath } from '../root';
import { checkWorkbook, writeWorkbook } from '../workbook';

/**
 * `npm run notebooks`: from `notebooks/instructor` writes the student copies, and from what
 * `npm run lab` has carried out in full the solutions. With `--check` it writes nothing and tells
 * what is out of step.
 */
async function notebooks(): Promise<number> {
  const { check, from } = readOptions('notebooks', {
    check: { type: 'boolean', default: false },
    from: { type: 'string', default: 'results' },
  });
  const folder = join(projectRoot, 'notebooks');
  const problems = check ? checkWorkbook(folder) : writeWorkbook(folder, resolve(from));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  const said = check ? 'student copies and solutions are in step with' : 'all written from';
  console.log(`${said} ${shortPath(join(folder, 'instructor'))}`);
  return 0;
}

runCommand(notebooks);
