import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { run } from './run';

describe('npm run nbgrader', () => {
  it('says what it can do, and where its folder must lie', () => {
    const bare = run('nbgrader');
    assert.equal(bare.status, 1);
    assert.match(
      bare.stderr,
      /^nbgrader: say what to do, such as generate_assignment paths, .*\n$/,
    );
    process.env.LAB_COURSE = tmpdir();
    const outside = run('nbgrader', 'list');
    delete process.env.LAB_COURSE;
    assert.equal(outside.status, 1);
    assert.match(outside.stderr, /^nbgrader: LAB_COURSE must lie inside .*, got .*\n$/);
  });
});
