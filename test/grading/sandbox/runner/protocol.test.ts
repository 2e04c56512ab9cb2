import assert from 'node:assert/strict';
import { linesOf, nameNotFound } from '../../../../lib/grading/sandbox/runner/protocol';

describe('lines between the judge and the runner', () => {
  const linesIn = async (...chunks: string[]) => {
    const lines: string[] = [];
    async function* stream() {
      yield* chunks;
    }
    for await (const line of linesOf(stream())) lines.push(line);
    return lines;
  };

  it('are whole, however the stream is cut', async () => {
    assert.deepEqual(await linesIn('a', 'b\nc', '\n', '\nd\n'), ['ab', 'c', '', 'd']);
  });

  it('are some at an end without a line break, unless it is empty', async () => {
    assert.deepEqual(await linesIn('a\nb'), ['a', 'b']);
    assert.deepEqual(await linesIn(), []);
  });

  it('tell the name that a cell did not find', () => {
    assert.equal(nameNotFound("TypeScriptError: Cannot find name 'w1'."), 'w1');
    assert.equal(nameNotFound("Error: Cannot find module 'w1'"), undefined);
    assert.equal(nameNotFound(undefined), undefined);
  });
});
