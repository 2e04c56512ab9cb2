// `node lib/commands/run.cjs NAME …`: runs the command from its TypeScript, once all packages are there.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// npm writes it last, so an installation that was cut off lacks it.
const installed = join(__dirname, '..', '..', 'node_modules', '.package-lock.json');
const [name] = process.argv.splice(2, 1);
if (existsSync(installed)) {
  require('tsx/cjs');
  require(`./${name}.ts`);
} else {
  console.error(
    `npm run ${name}: node_modules is missing or was not installed to its end; run npm ci first`,
  );
  process.exitCode = 1;
}
