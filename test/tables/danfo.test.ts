import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { danfo } from '../../lib/tables/danfoOf';
import { temporaryFolder } from '../temporaryFolder';

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

  it('is the one that is installed, and is not passed over where it lacks a package', () => {
    const folder = temporaryFolder();
    const from = createRequire(join(folder, 'study.js'));
    const install = (code: string) => {
      mkdirSync(join(folder, 'node_modules', 'danfojs-node'), { recursive: true });
      writeFileSync(join(folder, 'node_modules', 'danfojs-node', 'index.js'), code);
    };
    install("require('mathjs-that-is-not-there');");
    assert.throws(() => danfo(from), {
      name: 'InputError',
      message: /^danfojs-node is installed without mathjs-that-is-not-there, .*install it again/,
    });
    install('exports.DataFrame = 1;');
    assert.equal(danfo(from).DataFrame, 1);
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
