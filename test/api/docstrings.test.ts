import assert from 'node:assert/strict';
import ts from 'typescript';
import { type PublicName, publicNames } from './surface';

/** What a docstring of the public surface must say; what it says is for people to judge. */
describe('the docstrings of pathlab', () => {
  let names: PublicName[];
  before(function () {
    this.timeout(120_000);
    // What other packages export is theirs: the notebook kernel, and tf.
    names = publicNames().filter(({ file }) => !/^kernel|node_modules/.test(file));
  });

  const textOf = ({ summary, tags }: PublicName) =>
    [summary, ...tags.map(({ text }) => text)].join('\n');
  const has = ({ tags }: PublicName, tag: string) =>
    tags.some(({ name, text }) => name === tag && text.trim() !== '');
  const lacking = (what: (name: PublicName) => boolean) =>
    names.filter(what).map(({ name, file }) => `${file}: ${name}`);

  it('say what each name is', () => {
    assert.ok(names.length > 150);
    assert.deepEqual(
      lacking(({ summary }) => summary.trim().length < 12),
      [],
    );
  });

  it('mention each parameter by its name', () => {
    const parameters = (one: PublicName) =>
      ts.isFunctionLike(one.declaration)
        ? one.declaration.parameters.flatMap(({ name }) =>
            ts.isIdentifier(name) ? [name.text] : [],
          )
        : [];
    const unsaid = names.flatMap((one) =>
      parameters(one)
        .filter((name) => !new RegExp(`(?<!\\w)${name}(?!\\w)`).test(textOf(one)))
        .map((name) => `${one.file}: ${one.name}(${name})`),
    );
    assert.deepEqual(unsaid, []);
  });

  it('give an example of each function', () => {
    assert.deepEqual(
      lacking((one) => one.returns !== undefined && !has(one, 'example')),
      [],
    );
  });

  it('say when a function throws that throws', () => {
    const throws = (node: ts.Node): boolean => {
      // A function inside throws at once only where it is handed to another.
      const isInside = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
      if (isInside && !ts.isCallExpression(node.parent)) return false;
      const isCheck = ts.isCallExpression(node) && /^require[A-Z]/.test(node.expression.getText());
      return isCheck || ts.isThrowStatement(node) || (ts.forEachChild(node, throws) ?? false);
    };
    assert.deepEqual(
      lacking((one) => one.returns !== undefined && throws(one.declaration) && !has(one, 'throws')),
      [],
    );
  });

  it('say who disposes of the tensors that a function gives back', () => {
    const gives = ({ returns = '' }: PublicName) =>
      /\b(StateDict|Tensor\w*|PlaneBasis|Result|BatchGradient)\b/.test(returns);
    assert.deepEqual(
      lacking((one) => gives(one) && !/dispose|keeps them|own/.test(textOf(one))),
      [],
    );
  });
});
