import assert from 'node:assert/strict';
import { writeReports } from '../../../lib/grading/pages/reports';
import { temporaryFolder } from '../../temporaryFolder';
import { grade } from './someGrade';

describe('reports', () => {
  it('are narrow for the terminal, whatever a student is called', () => {
    const [long, one, two] = ['x'.repeat(240), `${'y'.repeat(50)}1`, `${'y'.repeat(50)}2`] as const;
    const grades = [long, one, two].map((student) => ({ ...grade, student, notebooks: [] }));
    const lines = writeReports(grades, {}, temporaryFolder()).split('\n');
    assert.ok(lines.some((line) => line.startsWith(`${'x'.repeat(39)}…  `)));
    for (const name of [one, two]) assert.ok(lines.some((line) => line.startsWith(name)));
    assert.ok(lines.every((line) => line.length < 120));
  });
});
