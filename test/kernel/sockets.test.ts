import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Subscriber } from 'zeromq';
import type { Connection } from '../../lib/kernel/sockets';
import { decode } from '../../lib/kernel/wire';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

describe('the sockets of a kernel', () => {
  const connection: Connection = {
    ...{ transport: 'ipc', ip: join(temporaryFolder(), 'kernel'), key: 'secret' },
    ...{ shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 },
  };
  let publishing: ChildProcess;
  before(() => {
    const program = ['--require', 'tsx', join(__dirname, 'publishing.ts')];
    publishing = spawn(process.execPath, [...program, JSON.stringify(connection)], {
      cwd: projectRoot,
      stdio: 'inherit',
    });
  });
  after(() => publishing.kill('SIGKILL'));

  /** The first two types of message that a front end gets. */
  async function firstOf(): Promise<(string | undefined)[]> {
    const subscriber = new Subscriber();
    subscriber.connect(`ipc://${connection.ip}-${connection.iopub_port}`);
    subscriber.subscribe();
    const types: (string | undefined)[] = [];
    for await (const frames of subscriber) {
      types.push(decode(connection.key, frames)?.header.msg_type);
      if (types.length === 2) break;
    }
    subscriber.close();
    return types;
  }

  it('welcome whoever subscribes before all else, while others are told of states', async () => {
    for (let client = 0; client < 40; client++) {
      assert.deepEqual(await firstOf(), ['iopub_welcome', 'status'], `client ${client}`);
    }
  });
});
