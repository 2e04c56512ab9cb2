import assert from 'node:assert/strict';
import { namespaceOf, pick } from '../../lib/kernel/interpreter/namespaces';

describe('the namespace of a CommonJS module', () => {
  it('is one object, however often it is read, and shows what the module has now', () => {
    const module: Record<string, unknown> = { a: 1 };
    const namespace = namespaceOf(module) as typeof module;
    assert.equal(pick(module, '*'), namespace);
    assert.deepEqual(Object.keys(namespace), ['a', 'default']);
    module.a = 2;
    assert.equal(namespace.a, 2);
    assert.equal(namespace.default, module);
  });

  it('of another value is the value as the default', () => {
    for (const value of [5, null, undefined]) {
      assert.deepEqual(namespaceOf(value), { default: value });
    }
    const f = Object.assign(() => 1, { own: 2 });
    assert.equal((namespaceOf(f) as typeof f).own, 2);
  });
});
