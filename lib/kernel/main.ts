import { readFileSync } from 'node:fs';
import { ensureBuild } from '../build';

/**
 * The kernel, as the kernelspec starts it: `node main.js CONNECTION_FILE`. Compiles a changed lib
 * first, so that restarting the kernel is all it takes to use the change; the kernel's own parts are
 * loaded after that.
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) {
    throw new Error('the kernel is started by Jupyter, with a connection file; run: npm start');
  }
  const notice = await compileLib();
  const { openSockets } = await import('./sockets.js');
  const { launch } = await import('./launcher.js');
  launch(await openSockets(JSON.parse(readFileSync(path, 'utf8'))), notice);
}

/** What to tell the user of a lib that does not compile; its compiled files are there all the same. */
async function compileLib(): Promise<string | undefined> {
  try {
    await ensureBuild(() => {});
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
