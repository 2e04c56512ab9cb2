import { spawnSync } from 'node:child_process';
import { projectRoot } from '../../lib/root';

/** Runs a command to its end. */
export function run(command: string, ...args: string[]) {
  const file = `lib/commands/${command}.ts`;
  return spawnSync(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, LAB_DATA_DIR: '' },
  });
}
