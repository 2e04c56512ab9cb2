import assert from 'node:assert/strict';
import { readMessage, shownBy } from '../../../lib/grading/sandbox/messages';

describe('messages from the sandbox', () => {
  it('are taken if they are messages, and kept within measure', () => {
    const line = (message: unknown) => JSON.stringify(message);
    const none = ['', '{', 'null', '7', '[]', line({ kind: 'cell' }), line({ kind: 'x', id: 'a' })];
    none.push(
      line({ kind: 'cell', id: 'a', error: 7 }),
      line({ kind: 'evidence', id: 'a', occasion: 'in place', text: 1 }),
      line({ kind: 'evidence', id: 'a', occasion: 'whenever', text: '{}' }),
    );
    none.push(line({ kind: 'output', id: 'a' }));
    assert.deepEqual(none.flatMap(readMessage), []);
    const html = 'x'.repeat(9e6);
    const messages = [
      { kind: 'cell', id: '__proto__', error: 'e'.repeat(1e6) },
      { kind: 'output', id: '__proto__', html },
      { kind: 'output', id: 'constructor', html },
      { kind: 'output', id: 'constructor', html },
      { kind: 'output', id: 'of no cell', html: 'y' },
    ].flatMap((message) => readMessage(line(message)));
    assert.equal(messages.length, 5);
    const { errors, outputs } = shownBy(messages, new Set(['__proto__', 'constructor']));
    assert.deepEqual(
      Object.entries(errors).map(([id, error]) => [id, error.length]),
      [['__proto__', 502]],
    );
    assert.deepEqual(
      Object.entries(outputs).map(([id, shown]) => [id, shown.length]),
      [
        ['__proto__', 1],
        ['constructor', 1],
      ],
    );
  });

  it('show 500 pictures of a notebook and no more', () => {
    const html = 'x';
    const many = Array.from({ length: 50_000 }, () => ({ kind: 'output' as const, id: 'a', html }));
    assert.equal(shownBy(many, new Set(['a'])).outputs.a!.length, 500);
  });
});
