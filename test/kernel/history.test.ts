import assert from 'node:assert/strict';
import { historyItems } from '../../lib/kernel/history';

const past = ['a = 1', 'b = 2', 'a = 1', 'c'].map((code, i) => ({ line: i + 1, code }));
const lines = (request: object) => historyItems(past, request).map(([, line]) => line);

describe('historyItems', () => {
  it('gives a range of lines of this session, and nothing of others', () => {
    assert.deepEqual(lines({ hist_access_type: 'range', start: 2, stop: 4 }), [2, 3]);
    assert.deepEqual(lines({ hist_access_type: 'range', start: 2 }), [2, 3, 4]);
    assert.deepEqual(lines({ hist_access_type: 'range', session: -1, start: 0 }), []);
  });

  it('gives the last ones', () => {
    assert.deepEqual(lines({ hist_access_type: 'tail', n: 2 }), [3, 4]);
    assert.deepEqual(lines({ hist_access_type: 'tail', n: 9 }), [1, 2, 3, 4]);
    assert.deepEqual(lines({ hist_access_type: 'tail', n: 0 }), []);
  });

  it('searches whole inputs by a glob', () => {
    assert.deepEqual(lines({ hist_access_type: 'search', pattern: 'a*' }), [1, 3]);
    assert.deepEqual(lines({ hist_access_type: 'search', pattern: '? = ?' }), [1, 2, 3]);
    assert.deepEqual(lines({ hist_access_type: 'search', pattern: '=' }), []);
    assert.deepEqual(lines({ hist_access_type: 'search', pattern: 'a*', unique: true }), [3]);
    assert.deepEqual(lines({ hist_access_type: 'search', pattern: '*', n: 1 }), [4]);
  });

  // The right answer is that of one regular expression, which for few characters takes no time.
  it('finds by any glob what the expression of it finds', () => {
    let state = 1;
    const below = (n: number) => {
      state = (state * 48271) % (2 ** 31 - 1);
      return state % n;
    };
    const some = (alphabet: string, most: number) =>
      Array.from({ length: below(most + 1) }, () => alphabet[below(alphabet.length)]).join('');
    for (let i = 0; i < 5000; i++) {
      const [pattern, code] = [some('ab*?.\n', 7), some('ab.\n', 9)];
      const escaped = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      const found = historyItems([{ line: 1, code }], { hist_access_type: 'search', pattern });
      const expected = new RegExp(`^${escaped}$`, 's').test(code) ? 1 : 0;
      assert.equal(found.length, expected, JSON.stringify([pattern, code]));
    }
  });

  it('searches a long cell by many stars, for which one expression takes years', () => {
    const search = (pattern: string) =>
      historyItems([{ line: 1, code: 'a'.repeat(1e5) }], { hist_access_type: 'search', pattern });
    assert.equal(search(`${'*a'.repeat(20)}*b`).length, 0);
    assert.equal(search(`${'*a'.repeat(20)}*`).length, 1);
  });

  it('adds outputs when asked', () => {
    const [item] = historyItems([{ line: 1, code: 'a', output: '3' }], {
      hist_access_type: 'tail',
      n: 1,
      output: true,
    });
    assert.deepEqual(item, [0, 1, ['a', '3']]);
  });
});
