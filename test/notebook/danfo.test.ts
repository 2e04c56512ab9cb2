import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

describe('danfo in a notebook', () => {
  it('has its mathjs and its xlsx, and nobody else gets what stands in for them', () => {
    const code = `
      require(${JSON.stringify(join(projectRoot, 'lib', 'notebook', 'danfo'))});
      const loaded = () => Object.keys(require.cache).filter((path) => /mathjs|xlsx/.test(path)).length;
      const before = loaded();
      const { DataFrame, readExcel, toExcel } = require('danfojs-node');
      const frame = new DataFrame([[1, 2], [3, 5]], { columns: ['a', 'b'] });
      toExcel(frame, { filePath: process.argv[1] });
      readExcel(process.argv[1]).then(({ columns, values }) => {
        const { read } = require('xlsx');
        console.log(JSON.stringify([before, frame.b.median(), columns, values, typeof read]));
      });`;
    const sheet = join(temporaryFolder(), 'sheet.xlsx');
    const args = ['--require', 'tsx/cjs', '-e', code, sheet];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    const rows = [
      [1, 2],
      [3, 5],
    ];
    assert.deepEqual(JSON.parse(stdout || stderr), [0, 3.5, ['a', 'b'], rows, 'function']);
  });
});
