import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../lib/root';
import { type Client, startKernel } from './client';
import { resultOf, startKeeping } from './kept';

describe('requests on the wire', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKeeping();
  });
  after(() => kernel.close());

  describe('the rest of the protocol', () => {
    it('answers while a cell keeps its process busy', async () => {
      const cell = kernel.run('for (;;) n++;');
      await sleep(100);
      assert.ok(await kernel.beat());
      const { reply } = await kernel.request('kernel_info_request', {}, 'control');
      assert.equal(reply.status, 'ok');
      await kernel.interrupt();
      await cell;
    });

    it('tells its versions', async () => {
      const { reply } = await kernel.request('kernel_info_request');
      const { version, name } = reply.language_info as Record<string, string>;
      assert.equal(reply.implementation_version, require('tslab/package.json').version);
      assert.equal(version, require('typescript/package.json').version);
      assert.equal(name, 'typescript');
    });

    it('completes names of earlier cells from their beginning, with their types', async () => {
      await kernel.run('const ownNumber = 7, ownText = "a"; interface OwnShape { side: number }');
      const { reply } = await kernel.request('complete_request', {
        code: '1 + own',
        cursor_pos: 7,
      });
      assert.deepEqual(reply.matches, ['ownNumber', 'ownText']);
      const annotation = { code: 'let shape: Own', cursor_pos: 14 };
      const types = await kernel.request('complete_request', annotation);
      assert.deepEqual(types.reply.matches, ['OwnShape']);
      const [type] = (reply.metadata as Record<string, Record<string, string>[]>)
        ._jupyter_types_experimental!;
      assert.equal(type?.signature, 'const ownNumber: 7');
    });

    it('completes with types and inspects with documentation', async () => {
      const code = "import { ClassifierF } from 'pathlab'";
      const completed = await kernel.request('complete_request', { code, cursor_pos: 20 });
      const { matches, cursor_start, cursor_end, metadata } = completed.reply;
      assert.deepEqual([cursor_start, cursor_end], [9, 20]);
      assert.ok((matches as string[]).includes('ClassifierFC'));
      const [type] = (metadata as Record<string, Record<string, string>[]>)
        ._jupyter_types_experimental!;
      assert.match(String(type?.signature), /ClassifierFC\(/);
      await kernel.run("import { ClassifierFC, fitBend } from 'pathlab';");
      // Within the parentheses it is the function that is meant; 𝐱 takes two UTF-16 units.
      const call = { code: '"𝐱"; ClassifierFC()', cursor_pos: 18 };
      const { reply } = await kernel.request('inspect_request', call);
      const data = reply.data as Record<string, string>;
      assert.equal(reply.found, true);
      assert.match(String(data['text/plain']), /^ClassifierFC\([\s\S]*fully connected network/);
      assert.match(String(data['text/markdown']), /^```typescript\nClassifierFC\(/);
      const unknown = await kernel.request('inspect_request', { code: 'nobody', cursor_pos: 3 });
      assert.equal(unknown.reply.found, false);
      const nothing = await kernel.request('inspect_request', { code: '   ', cursor_pos: 1 });
      assert.equal(nothing.reply.found, false);
    });

    it('completes names of modules and of what they export', async () => {
      // Each with where its name begins, a match, and the text up to the cursor.
      const asked: [begins: number, match: string, code: string][] = [
        [21, 'node:fs', "import * as fs from 'node:f"],
        [21, '@tensorflow/tfjs', "import * as tf from '@tensor"],
        [17, 'solutions', "import x from './"],
        [17, 'solutions', "import x from './solu"],
        [9, 'readFileSync', "import { readFil} from 'node:fs'"],
      ];
      for (const [begins, match, code] of asked) {
        const cursor_pos = code.includes('}') ? code.indexOf('}') : code.length;
        const { reply } = await kernel.request('complete_request', { code, cursor_pos });
        assert.ok((reply.matches as string[]).includes(match), `${code}: ${reply.matches}`);
        assert.deepEqual([reply.cursor_start, reply.cursor_end], [begins, cursor_pos], code);
      }
    });

    it('inspects the function whose arguments are being written', async () => {
      for (const code of ['Math.max(', 'Math.max(1, ', 'new Map([[1, Math.max(2,\n  ']) {
        const asked = { code, cursor_pos: code.length };
        const { reply } = await kernel.request('inspect_request', asked);
        const { 'text/plain': text } = (reply.data ?? {}) as Record<string, string>;
        assert.match(String(text), /^\(method\) Math\.max\(/, code);
      }
    });

    it('does so while a cell runs, which is told to run on', async () => {
      const state = () => {
        const { content } = kernel.received.findLast(({ header }) => header.msg_type === 'status')!;
        return content.execution_state;
      };
      const cell = kernel.run('for (;;) n++;');
      await sleep(100);
      const complete = { code: 'kept.toFi', cursor_pos: 9 };
      const { reply } = await kernel.request('complete_request', complete);
      assert.deepEqual(reply.matches, ['toFixed']);
      const inspected = await kernel.request('inspect_request', { code: 'kept', cursor_pos: 2 });
      const data = inspected.reply.data as Record<string, string>;
      assert.equal(data['text/plain'], 'const kept: 42');
      const whole = await kernel.request('is_complete_request', { code: 'for (;;' });
      assert.equal(whole.reply.status, 'incomplete');
      await sleep(50);
      assert.equal(state(), 'busy');
      await kernel.interrupt();
      assert.equal((await cell).reply.ename, 'Interrupted');
      await sleep(50);
      assert.equal(state(), 'idle');
    });

    it('imports a file beside the notebook, and stops its loops too', async () => {
      const folder = mkdtempSync(join(projectRoot, 'data', 'kernel-'));
      const other = await startKernel(folder);
      try {
        writeFileSync(
          join(folder, 'helper.ts'),
          'export const twice = (x: number) => 2 * x;\n' +
            'export async function forever() { for (;;) await new Promise((r) => setTimeout(r, 5)); }\n',
        );
        const ran = await other.run("import { twice, forever } from './helper';\ntwice(21)");
        assert.equal(resultOf(ran)?.['text/plain'], '42');
        const cell = other.run('await forever()');
        await sleep(200);
        await other.interrupt();
        assert.equal((await cell).reply.ename, 'Interrupted');
      } finally {
        await other.close();
        rmSync(folder, { recursive: true });
      }
    });
  });
});
