import assert from 'node:assert/strict';
import { run } from './commands/run';

describe('options of commands', () => {
  it('an unknown option lists the valid ones', () => {
    const { status, stderr } = run('lab', '--fast');
    assert.equal(status, 1);
    assert.match(stderr, /^lab: Unknown option '--fast'; the options are --quick, --out VALUE/);
    assert.equal(stderr.trim().split('\n').length, 1, 'one sentence, no stack');
  });

  it('what is no option, no value or one too many is one sentence and exit code 1', () => {
    for (const [command, args, told] of [
      ['doctor', ['--nope'], /^doctor: Unknown option '--nope'; the options are none$/],
      ['doctor', ['more'], /^doctor: Unexpected argument 'more'; the options are none$/],
      ['lab', ['--out', ''], /^lab: --out has an empty value; the options are/],
      ['lab', ['--part'], /^lab: Option '--part <value>' argument missing; the options are/],
      ['start', ['--port', '-1'], /^start: Option '--port' argument is ambiguous; the options are/],
      ['notebooks', ['--check=yes'], /^notebooks: Option '--check' does not take an argument;/],
      ['tensorflow', ['now'], /^tensorflow: Unexpected argument 'now'; the options are --remove$/],
    ] as const) {
      const { status, stdout, stderr } = run(command, ...args);
      assert.deepEqual([status, stdout], [1, ''], stderr);
      assert.match(stderr.trim(), told);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });
});
