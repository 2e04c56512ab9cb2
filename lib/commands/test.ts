import { createRequire } from 'node:module';
import { ensureBuild } from '../build';
import { runCommand } from '../command';
import { runInForeground } from '../foreground';
import { ensurePython } from '../jupyter/python';
import { projectRoot } from '../root';

/**
 * `npm test`: sets up what the tests need, then hands its arguments to mocha. They run on the
 * embedded backend, whatever is set up, unless `LAB_BACKEND` names another.
 */
async function test(): Promise<number> {
  await ensureBuild();
  await ensurePython();
  const mocha = createRequire(__filename).resolve('mocha/bin/mocha.js');
  return runInForeground(process.execPath, [mocha, ...process.argv.slice(2)], {
    cwd: projectRoot,
    env: { ...process.env, LAB_BACKEND: process.env.LAB_BACKEND ?? 'wasm' },
  });
}

runCommand(test);
