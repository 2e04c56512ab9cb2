import { setImmediate as turn } from 'node:timers/promises';
import { openSockets } from '../../lib/kernel/sockets';

/** The sockets of a connection, as JSON, on which states are published all the time. */
async function publish(connection: string): Promise<void> {
  const sockets = await openSockets(JSON.parse(connection));
  for (;;) {
    void sockets.publish('status', { execution_state: 'busy' });
    await turn();
  }
}

void publish(process.argv[2]!);
