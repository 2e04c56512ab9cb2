#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { install, type Place, uninstall } from './install';
import { startKernel } from './start';

const USAGE = `usage: typescript-notebook-kernel COMMAND
  install [--user | --prefix DIR] [--name NAME]     makes the kernel known to Jupyter
  uninstall [--user | --prefix DIR] [--name NAME]   undoes it
  start CONNECTION_FILE                             what Jupyter calls

--user is your own account (the default); --prefix an environment, as in --prefix "$VIRTUAL_ENV"
or --prefix /usr/local for all accounts. NAME is tslab unless given.`;

/** The package's command. */
async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === 'start') {
    const [file, ...others] = rest;
    if (file !== undefined && others.length === 0) return await startKernel(file);
    throw new Error(`start takes one connection file, got ${rest.length}\n${USAGE}`);
  }
  if (
    command === undefined ||
    command === 'help' ||
    args.some((arg) => /^(--help|-h)$/.test(arg))
  ) {
    console.log(USAGE);
    return;
  }
  if (command === 'install') console.log(`installed in ${install(placeOf(rest))}`);
  else if (command === 'uninstall') console.log(`removed ${uninstall(placeOf(rest))}`);
  else throw new Error(`there is no such command: ${args.join(' ')}\n${USAGE}`);
}

function placeOf(args: readonly string[]): Place {
  const { values } = parseArgs({
    args: [...args],
    options: {
      user: { type: 'boolean' },
      prefix: { type: 'string' },
      name: { type: 'string', default: 'tslab' },
    },
  });
  const { user, prefix, name } = values;
  if (user && prefix !== undefined) {
    throw new Error('--user and --prefix name two places: give one of them');
  }
  return { name, ...(prefix !== undefined && { prefix }) };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
