import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import { carryOutInTurn } from '../../lib/jupyter/carryOutInTurn';
import type { ExecutionEvent, StartedNotebook } from '../../lib/jupyter/startNotebook';

const cell = (number: number): ExecutionEvent => ({
  kind: 'cell',
  id: `cell-${number}`,
  number,
  cells: 3,
  source: '',
});
const bar: ExecutionEvent = { kind: 'progress', label: 'b', done: 1, total: 2, secondsLeft: 1 };
const closing: ExecutionEvent = { kind: 'closing' };

describe('carryOutInTurn', () => {
  const write = process.stderr.write;
  before(() => {
    process.stderr.write = (() => true) as typeof write;
  });
  after(() => {
    process.stderr.write = write;
  });

  /** Notebooks that tell of these events, and fail if they tell of no closing. */
  function notebooks(events: Readonly<Record<string, readonly ExecutionEvent[]>>) {
    const log: string[] = [];
    const start = (name: string): StartedNotebook => {
      log.push(`start ${name}`);
      return {
        async run(onEvent) {
          log.push(`run ${name}`);
          for (const event of events[name]!) {
            await Promise.resolve();
            log.push(`${name} ${event.kind}`);
            onEvent(event);
          }
          if (events[name]!.at(-1) !== closing) throw new InputError(`${name} failed`);
          await new Promise(setImmediate);
          log.push(`${name} closed`);
          return { seconds: 1, stages: [], peakMemoryMB: name.length };
        },
        leave: async () => void log.push(`leave ${name}`),
      };
    };
    return { log, carryOut: () => carryOutInTurn(Object.keys(events), start) };
  }

  it('starts the second beside the first, and later ones behind a cell with a bar', async () => {
    const { log, carryOut } = notebooks({
      a: [cell(1), closing],
      bb: [cell(1), bar, cell(2), closing],
      ccc: [cell(1), closing],
    });
    const executions = await carryOut();
    assert.deepEqual(
      executions.map(({ peakMemoryMB }) => peakMemoryMB),
      [1, 2, 3],
    );
    assert.deepEqual(log.slice(0, 3), ['start a', 'start bb', 'run a']);
    assert.ok(log.indexOf('run bb') < log.indexOf('a closed'), 'a kernel ends beside the next');
    const at = log.indexOf('start ccc');
    assert.deepEqual(log.slice(at - 2, at), ['bb progress', 'bb cell']);
    assert.equal(log.filter((line) => line.startsWith('start')).length, 3);
  });

  it('starts one at the last when no cell of the one before has a bar', async () => {
    const { log, carryOut } = notebooks({ a: [closing], b: [cell(1), closing], c: [closing] });
    await carryOut();
    const at = log.indexOf('start c');
    assert.equal(log[at - 1], 'b closing');
  });

  it('ends the kernel that waits when one fails, and lets the one before it come to its end', async () => {
    const { log, carryOut } = notebooks({ a: [closing], b: [bar, cell(1)], c: [closing] });
    await assert.rejects(carryOut(), /^InputError: b failed$/);
    assert.deepEqual(log.slice(-2), ['leave c', 'a closed']);
    assert.ok(!log.includes('run c'));
  });
});
