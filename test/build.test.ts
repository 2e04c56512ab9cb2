import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newCheckout, runIn } from './checkout';

describe('ensureBuild', function () {
  this.timeout(30_000);
  const checkout = newCheckout();
  const log = join(checkout, 'log');
  const source = join(checkout, 'lib', 'text.ts');
  const build = () => runIn(checkout, 'build.ts', 'ensureBuild');
  const builds = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);
  const compiler = (command: string) =>
    writeFileSync(
      join(checkout, 'package.json'),
      JSON.stringify({ scripts: { compile: command } }),
    );
  before(() => {
    writeFileSync(log, '');
    compiler(
      `echo begin >> ${log}; mkdir -p lib/dist lib/kernel/dist; touch lib/kernel/dist/kernel.made; sleep 1; echo end >> ${log}`,
    );
  });

  it('compiles once for two processes at once, and not again', async () => {
    const ends = await Promise.all([build().ended, build().ended]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    assert.match(ends.map(({ said }) => said).join(''), /another process compiles lib; waiting/);
    await build().ended;
    assert.deepEqual(builds(), ['begin', 'end']);
  });

  it('compiles again what was edited while it compiled, or deleted, or put there with an old date', async () => {
    const changes = [
      () => rmSync(join(checkout, 'lib', 'text.ts')),
      () => writeFileSync(source, '// new'),
      () => utimesSync(source, 1, 1),
    ];
    for (const [i, change] of changes.entries()) {
      change();
      const before = builds().length;
      const first = build();
      while (builds().length === before) await sleep(20);
      if (i === 1) appendFileSync(source, '// edited meanwhile');
      await first.ended;
      await build().ended;
      assert.equal(builds().length - before, i === 1 ? 4 : 2, String(change));
    }
  });

  it('compiles again where the kernel is gone', async () => {
    const before = builds().length;
    rmSync(join(checkout, 'lib', 'kernel', 'dist'), { recursive: true });
    await build().ended;
    assert.equal(builds().length - before, 2);
  });

  it('is carried out by one process at a time, also where it is asked for though fresh', async () => {
    const before = builds().length;
    const again = () => runIn(checkout, 'build.ts', 'build').ended;
    await Promise.all([again(), again()]);
    assert.deepEqual(builds().slice(before), ['begin', 'end', 'begin', 'end']);
  });

  it('says what the compiler says, and counts nothing as built', async () => {
    writeFileSync(source, '// wrong');
    compiler('echo "text.ts(1): wrong"; exit 2');
    for (let i = 0; i < 2; i++) {
      const { code, said } = await build().ended;
      assert.equal(code, 1);
      assert.match(said, /InputError: lib does not compile:\ntext\.ts\(1\): wrong/);
    }
    assert.ok(!existsSync(join(checkout, 'lib', 'dist.lock')));
  });
});
