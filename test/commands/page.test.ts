import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassifierFC, initialize } from '../../lib/nn';
import { disposeStateDict, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { run } from './run';

describe('npm run page', () => {
  it('writes the page of a folder, and says where it is', () => {
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 3 });
    const folder = temporaryFolder();
    for (const [i, name] of ['minimum-1', 'minimum-2', 'theta'].entries()) {
      const weights = initialize(network, i);
      saveStateDict(join(folder, `${name}.safetensors`), weights);
      disposeStateDict(weights);
    }
    const out = join(folder, 'page.html');
    const { status, stdout, stderr } = run('page', '--results', folder, '--out', out);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^[^\n]*page\.html: [\d.]+ MB; open it in a browser\n$/);
    assert.doesNotMatch(stderr, /running TensorFlow\.js/, 'the lab has nothing to advertise');
    assert.match(readFileSync(out, 'utf8'), /^<!doctype html>/);
  });
});
