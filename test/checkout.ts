import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../lib/root';
import { temporaryFolder } from './temporaryFolder';

/** A copy of lib's sources in a folder of its own, on this project's packages. */
export function newCheckout(): string {
  const checkout = temporaryFolder();
  const isSource = (path: string) => !/[\\/]dist($|\.)/.test(path);
  cpSync(join(projectRoot, 'lib'), join(checkout, 'lib'), { recursive: true, filter: isSource });
  symlinkSync(join(projectRoot, 'node_modules'), join(checkout, 'node_modules'));
  return checkout;
}

/** Runs a module's function in a checkout, in a process of its own; its exit code and what it said. */
export function runIn(checkout: string, module: string, name: string, env: object = {}) {
  const script = `require('tsx/cjs');
    require(${JSON.stringify(`./lib/${module}`)}).${name}().then(
      () => process.exit(0),
      (error) => { console.error(String(error)); process.exit(1); },
    );`;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number, said })) };
}
