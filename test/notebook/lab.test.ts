import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { openLab } from '../../lib/notebook/lab';
import { temporaryFolder } from '../temporaryFolder';
import { withNotebook } from './notebookOf';

/** What is printed meanwhile, line by line. */
async function printed(meanwhile: () => unknown): Promise<string[]> {
  const said: string[] = [];
  const { log } = console;
  console.log = (line: string) => said.push(line);
  try {
    await meanwhile();
  } finally {
    console.log = log;
  }
  return said;
}

describe('openLab', () => {
  it('is full and keeps its files in the project unless told otherwise', () => {
    const lab = openLab(undefined, {});
    assert.equal(lab.size, 'full');
    assert.match(lab.folder, /data\/checkpoints\/full$/);
    assert.equal(
      openLab(undefined, { LAB_SIZE: 'small', LAB_OUT: '/tmp/x' }).file('a'),
      '/tmp/x/a',
    );
  });

  it('lists the sizes there are', () => {
    assert.throws(
      () => openLab(undefined, { LAB_SIZE: 'tiny' }),
      /the size \(LAB_SIZE\) must be full or small, got tiny/,
    );
  });

  it('says in a notebook, and nowhere else, that memory may not suffice', async () => {
    const { freemem } = os;
    const { availableMemory } = process;
    const open = (environment = {}) => void openLab('small', environment);
    const inNotebook = (environment = {}) =>
      printed(() => withNotebook({}, async () => open(environment)));
    try {
      os.freemem = () => 0.31e9;
      assert.match(
        (await inNotebook()).join(),
        /^0\.3 GB of memory are free, and this notebook may take 0\.8 GB more: shut down kernels/,
      );
      assert.deepEqual(await inNotebook({ LAB_GRADING_SIZE: 'small' }), []);
      assert.deepEqual(await printed(open), []);
      os.freemem = () => 64e9;
      process.availableMemory = () => 64e9;
      assert.deepEqual(await inNotebook(), []);
    } finally {
      os.freemem = freemem;
      process.availableMemory = availableMemory;
    }
  });

  it('keeps figures as JSON, with null for what is not finite', () => {
    const lab = openLab(undefined, { LAB_OUT: temporaryFolder() });
    lab.saveFigures('part-9', { loss: 0.1, far: Number.POSITIVE_INFINITY });
    const figures = JSON.parse(readFileSync(lab.file('figures-part-9.json'), 'utf8'));
    assert.deepEqual(figures, { loss: 0.1, far: null });
  });

  it('forgets a file, and is content with one that is not there', () => {
    const lab = openLab(undefined, { LAB_OUT: temporaryFolder() });
    writeFileSync(lab.file('a.json'), '{}');
    lab.forget('a.json');
    lab.forget('a.json');
    assert.ok(!existsSync(lab.file('a.json')));
  });

  it('says when there is nothing to forget, and forgets nothing outside of its folder', async () => {
    const outside = temporaryFolder();
    const lab = openLab(undefined, { LAB_OUT: join(outside, 'lab') });
    const said = await printed(() => lab.forget('theta'));
    assert.match(said.join(), /^there is no .*theta, so nothing is forgotten$/);
    writeFileSync(join(outside, 'README.md'), 'text');
    for (const name of ['../README.md', join(outside, 'README.md'), '', '.', '..']) {
      assert.throws(() => lab.forget(name), /^InputError: forget: expected the name of a file in /);
    }
    assert.ok(existsSync(join(outside, 'README.md')));
  });
});
