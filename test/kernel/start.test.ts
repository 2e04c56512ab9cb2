import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labKernelspec } from '../../lib/jupyter/settings';
import { projectRoot } from '../../lib/root';
import { onlyIf } from '../onlyIf';
import { type Client, startKernel } from './client';
import { compilerOf } from './compilerOf';

/** A process and all that it has started. */
function processes(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => processes(Number(child)))];
}

/** The memory of processes in MB; pages that they share count once. */
function memory(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)![1]);
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

describe('a kernel that was started', () => {
  const notebook = join(projectRoot, 'notebooks', 'part-1.ipynb');
  // As Jupyter's server starts it for a notebook of the lab.
  const argv = ['/usr/bin/env', `JPY_SESSION_NAME=${notebook}`, ...labKernelspec.argv];
  let kernel: Client;
  beforeEach(async () => {
    kernel = await startKernel(undefined, argv);
  });
  afterEach(() => kernel.close());
  const isWhole = () => /compiler-packages-/.test(compilerOf(kernel).args);

  it('has loaded no declarations but those of the language', async () => {
    const { reply } = await kernel.request('is_complete_request', { code: 'for (;;' });
    assert.equal(reply.status, 'incomplete');
    assert.match(compilerOf(kernel).args, /compiler-language-/);
  });

  // Shared pages counted once are told by Linux alone, in /proc.
  const onLinux = onlyIf(process.platform === 'linux', 'as only Linux tells of shared pages');
  onLinux('takes at most 150 MB at its start', () => {
    // Measured: 106 MB. Declarations of Node and of the packages would add 150.
    const megabytes = memory(processes(kernel.process.pid!));
    assert.ok(megabytes <= 150, `${megabytes} MB`);
  });

  it('has all of them once a cell ran, so that the editor waits for no other process', async () => {
    const { reply } = await kernel.run('const texts = ["a"];');
    assert.equal(reply.status, 'ok');
    assert.ok(isWhole());
    const { pid } = compilerOf(kernel);
    const asked = { code: 'texts.fla', cursor_pos: 9 };
    const completed = await kernel.request('complete_request', asked);
    assert.deepEqual(completed.reply.matches, ['flat', 'flatMap']);
    assert.equal(compilerOf(kernel).pid, pid);
  });

  it('loads them for an editor, which asks for the history when it opens', async () => {
    const asked = { hist_access_type: 'tail', n: 10, output: false, raw: true };
    const { reply } = await kernel.request('history_request', asked);
    assert.deepEqual(reply.history, []);
    assert.ok(isWhole());
  });

  it('loads them with the first question of an editor, which it need not wait for', async () => {
    const code = "import { join } from 'node:path'";
    const keyword = await kernel.request('inspect_request', { code, cursor_pos: 3 });
    assert.equal(keyword.reply.found, false);
    assert.ok(isWhole());
    const { reply } = await kernel.request('inspect_request', { code, cursor_pos: 11 });
    const { 'text/plain': text } = reply.data as Record<string, string>;
    assert.match(String(text), /join\(\.\.\.paths: string\[\]\): string/);
  });

  it('says what a name of a package is also where that is the first question', async () => {
    const code = "import { ClassifierFC } from 'pathlab';";
    const { reply } = await kernel.request('inspect_request', { code, cursor_pos: 15 });
    const { 'text/plain': text } = reply.data as Record<string, string>;
    assert.match(String(text), /^function ClassifierFC\(/);
  });

  // While a snapshot is made, V8 lacks the latest parts of the language.
  it('knows all of the language that this Node has, from a snapshot', async () => {
    const { reply } = await kernel.run('/a/v.unicodeSets && new SharedArrayBuffer(8).growable');
    assert.equal(reply.status, 'ok', String(reply.evalue));
  });

  // Without Node's declarations all of these are any, and nothing complains.
  for (const [code, complaint] of [
    [
      'const n: number = globalThis.process.argv;',
      /'string\[\]' is not assignable to type 'number'/,
    ],
    ["console.dir({}, { depth: 'deep' });", /'string' is not assignable to type 'number'/],
    ['// @ts-expect-error\nconst { argv } = process;', /Unused '@ts-expect-error'/],
  ] as const) {
    it(`checks a first cell against all of them: ${JSON.stringify(code)}`, async () => {
      const { reply } = await kernel.run(code);
      assert.match(String(reply.evalue), complaint);
    });
  }
});
