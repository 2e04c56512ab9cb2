import { join } from 'node:path';
import { makeSnapshots } from 'typescript-notebook-kernel';
import { projectRoot } from '../root';
import { kernelSetup } from './kernelSetup';

/** What `npm run build` does last: has the kernel start fast. It starts without it, too. */
try {
  process.chdir(join(projectRoot, 'notebooks'));
  makeSnapshots(kernelSetup.packages ?? []);
} catch (error) {
  console.error(`the kernel will start slowly: ${error instanceof Error ? error.message : error}`);
}
