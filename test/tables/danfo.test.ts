import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

describe('danfo', () => {
  const run = (code: string) =>
    execFileSync(process.execPath, ['--require', 'tsx', '--eval', code], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('is loaded only when a frame is wanted', () => {
    const loaded = "Object.keys(require.cache).some((path) => path.includes('danfojs-node'))";
    const frame = 'tables.summaryFrame({ a: { b: 1 } })';
    const code = `const tables = require('./lib/tables'); console.log(${loaded}); ${frame}; console.log(${loaded})`;
    assert.equal(run(code), 'false\ntrue\n');
  });

  it('prints nothing when it is loaded and used', () => {
    const code = `
      const write = process.stderr.write;
      process.stderr.write = (text) => { process.stdout.write(text); return true; };
      process.on('warning', (warning) => process.stdout.write(String(warning)));
      const { summaryFrame, htmlTable } = require('./lib/tables');
      const frame = summaryFrame({ a: { b: 1 }, c: { b: 2 } });
      htmlTable(frame); frame.describe(); frame.b.mean(); frame.iloc({ rows: [0] });
      setTimeout(() => {}, 50);`;
    assert.equal(run(code), '');
  });
});
