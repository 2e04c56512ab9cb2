import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { type Client, type Output, type Ran, startKernel } from './client';

/** A kernel with a number that changes, and one by which a process is known as the same. */
export async function startKeeping(): Promise<Client> {
  const kernel = await startKernel();
  await kernel.run('let n = 0; const kept = 42;');
  return kernel;
}

/** Its process is still the one that was started. */
export async function stillKeeps(kernel: Client): Promise<void> {
  const { 'text/plain': text } = resultOf(await kernel.run('kept')) ?? {};
  assert.equal(text, '42');
}

export const failureOf = ({ outputs }: { outputs: readonly Output[] }) =>
  outputs.filter(({ type }) => type === 'error').map(({ content }) => content);

export function resultOf({ outputs }: Ran): Record<string, unknown> | undefined {
  const result = outputs.find(({ type }) => type === 'execute_result');
  return result?.content.data as Record<string, unknown> | undefined;
}

export function tracebackOf(ran: Ran): string {
  const lines = failureOf(ran)[0]?.traceback as string[] | undefined;
  return stripVTControlCharacters(lines?.join('\n') ?? '');
}
