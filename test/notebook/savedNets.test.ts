import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from '../../lib/engine';
import { ClassifierFC, initialize } from '../../lib/nn';
import { chooseNets, minimaOfPart1, openLab, savedNets, savedSweep } from '../../lib/notebook';
import { evaluatePath, line } from '../../lib/paths';
import { equal, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

/** What is said on the console while `act` runs. */
function saidBy(act: () => void): string[] {
  const log = console.log;
  const said: string[] = [];
  console.log = (text: string) => said.push(text);
  try {
    act();
  } finally {
    console.log = log;
  }
  return said;
}

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

  it('are found beside files that cannot be read, which are named', () => {
    const beside = openLab('small', { LAB_OUT: temporaryFolder() });
    for (const name of ['a', '__proto__']) saveStateDict(beside.file(`${name}.safetensors`), a!);
    writeFileSync(beside.file('cut.safetensors'), 'nothing');
    mkdirSync(beside.file('folder.safetensors'));
    const foreign = '{"w":{"dtype":"F8_E5M2","shape":[0],"data_offsets":[0,0]}}';
    const length = Uint8Array.of(foreign.length, 0, 0, 0, 0, 0, 0, 0);
    const bytes = Buffer.concat([length, Buffer.from(foreign)]);
    writeFileSync(beside.file('foreign.safetensors'), bytes);
    const said = saidBy(() => {
      const nets = savedNets(beside, toyNetwork);
      assert.deepEqual(Object.keys(nets), ['__proto__', 'a']);
      assert.deepEqual(chooseNets(nets, 'a'), [nets.a]);
      assert.throws(() => chooseNets(nets, 'constructor'), /no saved net 'constructor'/);
    });
    assert.match(said[0]!, /left out: .*cut\.safetensors is no whole safetensors file/);
    assert.match(said[1]!, /left out: cannot read .*folder\.safetensors/);
    assert.match(said[2]!, /left out: cannot take 'w' from .*foreign\.safetensors: it is F8_E5M2/);
    assert.equal(said.length, 3);
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

  it('of Part 3.1 are found with their architecture, seed and network', () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    assert.deepEqual(savedSweep(lab), []);
    const settings = (seed: number) => ({
      settings: JSON.stringify({ network: toyNetwork, seed }),
    });
    saveStateDict(lab.file('sweep-ReLU-1-64-seed-2.safetensors'), b!, settings(2));
    saveStateDict(lab.file('sweep-ReLU-1-64-seed-1.safetensors'), a!, settings(1));
    saveStateDict(lab.file('sweep-ReLU-1-64-bend-1-2.safetensors'), a!, settings(1));
    saveStateDict(lab.file('sweep-none-seed-1.safetensors'), a!, { settings: 'no JSON' });
    const nets = savedSweep(lab);
    assert.deepEqual(
      nets.map(({ configuration, seed }) => [configuration, seed]),
      [
        ['ReLU-1-64', 1],
        ['ReLU-1-64', 2],
      ],
    );
    assert.deepEqual(nets[0]!.network, JSON.parse(JSON.stringify(toyNetwork)));
    assert.ok(equal(nets[0]!.weights, a!) && equal(nets[1]!.weights, b!));
  });
});
