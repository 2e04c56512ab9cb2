import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from './errors';

/**
 * Runs a command's main function and ends the process with its exit code. An `InputError` is
 * printed as its one sentence, anything else with its stack; both end with 1. A reader that went
 * away (`| head`) is no failure.
 */
export function runCommand(main: () => Promise<number>): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof InputError ? error.message : error);
      process.exit(1);
    },
  );
}

/**
 * The options on the command line.
 *
 * @throws InputError on an option that is not among them, or a value that is missing or too much
 */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  name: string,
  options: T,
  args: string[] = process.argv.slice(2),
) {
  return readArguments(name, options, args, false).values;
}

/** As `readOptions`, for a command that takes paths besides: `{ values, positionals }`. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  name: string,
  options: T,
  args: string[] = process.argv.slice(2),
  allowPositionals = true,
) {
  const valid = Object.entries(options)
    .map(([option, { type }]) => `--${option}${type === 'string' ? ' VALUE' : ''}`)
    .join(', ');
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    console.log(`${name}: the options are ${valid || 'none'}; docs/commands.md says what they do`);
    process.exit(0);
  }
  const refuse = (got: string | undefined) =>
    new InputError(`${name}: ${got}; the options are ${valid || 'none'}`);
  try {
    const parsed = parseArgs({ options, args, allowPositionals });
    for (const [option, value] of Object.entries(parsed.values)) {
      if (value === '') throw refuse(`--${option} has an empty value`);
    }
    return parsed;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw refuse(said.split(/\.\s/)[0]);
  }
}
