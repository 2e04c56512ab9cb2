import { resolve } from 'node:path';
import { readArguments, runCommand } from '../command';
import { InputError } from '../errors';
import { mimeBundle } from '../notebook/display';
import { type LabSize, openLab } from '../notebook/lab';
import { standing } from '../standing';

/**
 * `npm run progress`: points so far over all parts, what is still to be written, and how long the
 * rest takes at this size on this machine.
 */
async function progress(): Promise<number> {
  const { values, positionals } = readArguments('progress', {
    size: { type: 'string', default: process.env.LAB_SIZE || 'full' },
  });
  if (positionals.length > 1) {
    throw new InputError(
      `progress: expected one folder of notebooks at most, got ${positionals.length}`,
    );
  }
  const [folder] = positionals.map((path) => resolve(path));
  const found = await standing(openLab(values.size as LabSize), folder);
  console.log((await mimeBundle(found))['text/plain']);
  return 0;
}

runCommand(progress);
