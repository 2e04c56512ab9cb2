import fs from 'node:fs';
import { basename } from 'node:path';

/** How often files were touched, and how often written. */
export interface Touches {
  touches: number;
  writes: number;
}

/**
 * Has the process kill itself at its `killAt`-th call of the file system, or in the midst of its
 * `killAt`-th write, with half of it done; 0 is never. Says on standard error at which file it was.
 */
export function dieAt(killAt: number, only: 'write' | undefined): Touches {
  const counted: Touches = { touches: 0, writes: 0 };
  const open = new Map<number, string>();

  function touched(file: unknown, half?: () => void): void {
    counted.touches++;
    if (half) counted.writes++;
    const count = only ? counted.writes : counted.touches;
    if ((only && !half) || count !== killAt) return;
    half?.();
    const path = String(typeof file === 'number' ? open.get(file) : file);
    const isFolder = fs.statSync(path, { throwIfNoEntry: false })?.isDirectory();
    const name = isFolder ? 'a folder' : basename(path).replace(/\.pathlab-.*/, '');
    fs.writeSync(2, `killed at ${name}\n`);
    process.kill(process.pid, 'SIGKILL');
  }

  const { writeFileSync, openSync } = fs;
  Object.assign(fs, {
    writeFileSync(file: number | string, data: string | Uint8Array, options?: object) {
      const half = () => writeFileSync(file, data.slice(0, data.length / 2), options);
      // The probe of a folder holds nothing.
      const isProbe = typeof file === 'string' && basename(file).startsWith('room.');
      touched(file, isProbe ? undefined : half);
      writeFileSync(file, data, options);
    },
    openSync(...args: Parameters<typeof openSync>) {
      touched(args[0]);
      const descriptor = openSync(...args);
      open.set(descriptor, String(args[0]));
      return descriptor;
    },
  });
  for (const name of ['fsyncSync', 'closeSync', 'renameSync', 'mkdirSync'] as const) {
    const call = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name](...args: unknown[]) {
        touched(args[0]);
        return call(...args);
      },
    });
  }
  return counted;
}
