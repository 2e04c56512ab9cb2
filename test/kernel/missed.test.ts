import { strict as assert } from 'node:assert';
import { newMissed } from '../../lib/kernel/missed';

describe('newMissed', () => {
  it('tells a page that is opened anew how to get what a long cell has shown, once', () => {
    const missed = newMissed('showAgain');
    assert.equal(missed.told('page'), undefined, 'the first page has missed nothing');
    missed.ran('page', 7, 60_000);
    missed.ran('page', 8, 5);
    assert.equal(missed.told('page'), undefined, 'the page that ran it');
    assert.match(
      String(missed.told('page anew')),
      /^In \[7\] was run from another page.*missing here: showAgain\(7\)$/,
    );
    assert.equal(missed.told('page anew'), undefined);
  });

  it('says nothing of cells that nobody closes a page for', () => {
    const missed = newMissed('showAgain');
    missed.ran('page', 1, 9_999);
    assert.equal(missed.told('other'), undefined);
  });
});
