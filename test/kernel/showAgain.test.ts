import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type Ran, startKernel } from './client';

const shown = ({ outputs }: Ran) =>
  outputs.slice(1).map(({ type, content }) => [type, content.text ?? content.data]);

describe('showAgain', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.run("import { clearOutput, liveDisplay, showAgain } from 'pathlab';");
  });
  after(() => kernel.close());

  it('shows what the last cell has shown, as it stood at its end', async () => {
    const cell = kernel.run(
      "console.log('gone'); clearOutput();\n" +
        "const live = liveDisplay(); await live.show('begun');\n" +
        "for (const i of [1, 2]) { console.log('line', i); await new Promise((r) => setTimeout(r, 60)); }\n" +
        "await live.show('ended'); 6 * 7",
    );
    while (!cell.outputs.some(({ type }) => type === 'display_data')) await sleep(5);
    kernel.disconnect();
    kernel = await kernel.connect();
    await kernel.run('const between = 1;');
    assert.deepEqual(shown(await kernel.run('showAgain()')), [
      ['display_data', { 'text/plain': 'ended' }],
      ['stream', 'line 1\nline 2\n'],
      ['display_data', { 'text/plain': '42' }],
    ]);
  });

  it('shows that of another by its number, an error as text', async () => {
    const { reply } = await kernel.run("throw new RangeError('too far')");
    await kernel.run("'later'");
    const again = await kernel.run(`showAgain(${reply.execution_count})`);
    assert.equal(again.reply.status, 'ok');
    assert.match(String(shown(again)), /^stream,.*RangeError.*: too far/);
  });

  it('keeps those of twenty cells, and says which', async () => {
    for (let i = 0; i < 25; i++) await kernel.run(`'cell ${i}'`);
    const { reply } = await kernel.run('showAgain(2)');
    const lines = /no output of cell 2 is kept, of ([\d, ]+) it is/.exec(String(reply.evalue));
    const last = Number(reply.execution_count) - 1;
    assert.deepEqual(
      lines?.[1]?.split(', ').map(Number),
      Array.from({ length: 20 }, (_, i) => last - 19 + i),
    );
  });
});
