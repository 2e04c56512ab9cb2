import { ensureBuild } from '../build';

/**
 * The lab's kernel, as its kernelspec starts it: `node kernelMain.js CONNECTION_FILE`. Compiles a
 * changed lib first, so that restarting the kernel is all it takes to use the change; what is
 * compiled is loaded after that.
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) {
    throw new Error('the kernel is started by Jupyter, with a connection file; run: npm start');
  }
  const notice = await compileLib();
  const { startKernel } = await import('typescript-notebook-kernel');
  const { kernelSetup } = await import('./kernelSetup.js');
  await startKernel(path, { setup: kernelSetup, ...(notice !== undefined && { notice }) });
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
