import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { ensureBuild } from '../build';
import { projectRoot } from '../root';
import { runCommand } from './command';
import { ensurePython } from './python';

/** `npm test`: sets up what the tests need, then hands its arguments to mocha. */
async function test(): Promise<number> {
  ensureBuild();
  await ensurePython();
  const mocha = createRequire(__filename).resolve('mocha/bin/mocha.js');
  const run = spawnSync(process.execPath, [mocha, ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  return run.status ?? 1;
}

runCommand(test);
