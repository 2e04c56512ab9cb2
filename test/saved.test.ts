import assert from 'node:assert/strict';
import * as v from 'valibot';
import { readJson } from '../lib/saved';

describe('a file that is read back', () => {
  it('is told of in one line where another shape has lines in its names and values', () => {
    const file = { file: 'a.json', what: 'list', remedy: 'delete it' };
    const schema = v.record(v.string(), v.number());
    const read = (content: object) => () => readJson(JSON.stringify(content), schema, file);
    assert.deepEqual(read({ 'a\nb': 1 })(), { 'a\nb': 1 });
    assert.throws(read({ 'a\nb': 'c\nd' }), {
      name: 'InputError',
      message: 'a.json is no list: a\ufffdb should be number, got "c\ufffdd"; delete it',
    });
  });
});
