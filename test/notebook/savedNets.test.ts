import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from '../../lib/engine';
import { ClassifierFC, initialize } from '../../lib/nn';
import { chooseNets, minimaOfPart1, openLab, savedNets } from '../../lib/notebook';
import { evaluatePath, line } from '../../lib/paths';
import { equal, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

describe('nets that are saved', () => {
  const lab = openLab('small', { LAB_OUT: temporaryFolder() });
  const [a, b] = [1, 2].map((seed) => initialize(toyNetwork, seed));
  before(() => useBackend());

  it('are found by their names, those of other networks left out', () => {
    const empty = openLab('small', { LAB_OUT: join(lab.folder, 'nothing') });
    assert.deepEqual(savedNets(empty, toyNetwork), {});
    saveStateDict(lab.file('theta.safetensors'), a!);
    saveStateDict(lab.file('init.safetensors'), b!);
    const other = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    saveStateDict(lab.file('other.safetensors'), initialize(other, 1));
    writeFileSync(lab.file('plane.json'), '{}');
    const nets = savedNets(lab, toyNetwork);
    assert.deepEqual(Object.keys(nets), ['init', 'theta']);
    assert.ok(equal(nets.theta!, a!));
  });

  it('are chosen by name; a name that is not there is told with those that are', () => {
    const nets = { a: a!, b: b! };
    assert.deepEqual(chooseNets(nets, 'b', 'a'), [b, a]);
    assert.throws(() => chooseNets(nets, 'c'), /there is no saved net 'c'; there are: a, b/);
    assert.throws(() => chooseNets({}, 'c'), /there are: none yet/);
    const twice = { ...nets, again: a! };
    assert.throws(() => chooseNets(twice, 'a', 'b', 'again'), /'a' and 'again' are the same point/);
  });

  it("stand in for Part 1's minima as long as it has left none", async () => {
    const log = console.log;
    const said: string[] = [];
    console.log = (text: string) => said.push(text);
    try {
      const train = toyDataset(3000, 3);
      const [w1, w2] = await minimaOfPart1(lab, toyNetwork, train);
      assert.match(said.join('\n'), /Part 1's minima are not saved yet/);
      const path = line(w2, w1);
      const { trainAcc } = await evaluatePath(toyNetwork, path, [0, 1], { train, test: train });
      assert.ok(Math.min(...trainAcc) > 0.9, trainAcc.join());
      assert.ok(!equal(w1, w2));
      const [again] = await minimaOfPart1(lab, toyNetwork, train);
      assert.ok(equal(again, w1), 'they are kept');
      saveStateDict(lab.file('minimum-1.safetensors'), a!);
      saveStateDict(lab.file('minimum-2.safetensors'), b!);
      const [first, second] = await minimaOfPart1(lab, toyNetwork, train);
      assert.ok(equal(first, a!) && equal(second, b!));
      const wider = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
      for (const i of [1, 2]) {
        saveStateDict(lab.file(`minimum-${i}.safetensors`), initialize(wider, i));
      }
      const [third] = await minimaOfPart1(lab, toyNetwork, train);
      assert.match(said.join('\n'), /are of another network than this one/);
      assert.ok(equal(third, w1));
    } finally {
      console.log = log;
    }
  });
});
