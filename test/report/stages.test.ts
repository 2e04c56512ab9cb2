import assert from 'node:assert/strict';
import { stagesTable } from '../../lib/report/stages';

describe('the stages of a run', () => {
  it('each that is a hundredth of the whole has a row, the others one together', () => {
    const stage = (name: string, seconds: number) => ({
      part: 'part-1',
      stage: name,
      seconds,
      share: seconds / 200,
    });
    const html = stagesTable([
      stage('starting the kernel', 1.5),
      stage('task-1-1-run', 196),
      stage('<cell>', 2),
      stage('figures', 0.5),
    ]);
    // 196, 2, and 1.5 + 0.5 of 200 s.
    assert.deepEqual(
      [...html.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell),
      ['part-1, task-1-1-run', '196.0', '98 %', 'part-1, &#60;cell&#62;', '2.0', '1 %'].concat([
        '2 shorter ones',
        '2.0',
        '1 %',
      ]),
    );
  });

  it('is empty where no times are known', () => {
    assert.equal(stagesTable([]), '');
  });
});
