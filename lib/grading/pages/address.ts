import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/**
 * The address is kept, for its owner alone to read: a page that is open when the server ends saves what
 * was typed once it is started again.
 */
const fileOf = (out: string) => join(out, 'address.txt');
const ADDRESS = /^http:\/\/127\.0\.0\.1:(\d+)\/([0-9a-f]{48})\/$/;

const kept = (out: string) =>
  ADDRESS.exec(existsSync(fileOf(out)) ? readFileSync(fileOf(out), 'utf8') : '');

/** The secret in the address: that of before, or a new one. */
export const tokenOf = (out: string) => kept(out)?.[2] ?? randomBytes(24).toString('hex');

/** Listens on loopback, at the port of before where it is free, and gives the address. */
export async function listen(server: Server, token: string, out: string): Promise<string> {
  const before = Number(kept(out)?.[1] ?? 0);
  try {
    server.listen(before, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/${token}/`;
  rmSync(fileOf(out), { force: true });
  writeFileSync(fileOf(out), address, { mode: 0o600, flag: 'wx' });
  return address;
}
