// Why is there a ridge between two minima? Their neurons stand in other orders.
import * as pathlab from 'pathlab';

const mnist = await pathlab.loadMnist();
const train = pathlab.subset(mnist.train, 2000, 1);
const options = { inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64, numHidden: 3 };
const network = pathlab.ClassifierFC(options);
const loader = (seed: number) => pathlab.dataLoader(train, { batchSize: 64, shuffle: seed });
const optimizer = () => pathlab.SGD({ learningRate: 0.1, momentum: 0.9 });

async function trained(seed: number) {
  const model = { network, weights: pathlab.initialize(network, seed) };
  await pathlab.train(model, { loader: loader(seed), optimizer: optimizer(), epochs: 10 });
  return model.weights;
}
const [w1, w2] = [await trained(1), await trained(2)];

// w2 as the same function, with its neurons in w1's order.
const { permutations } = await pathlab.matchWeights(network, w1, w2);
const matched = pathlab.permute(network, w2, permutations);

// On the line to it, the neurons' values get back the spread that they have at the ends.
const repaired = await pathlab.repair(network, [w1, matched], train);
const ts = pathlab.linspace(0, 1, 11);
const points = await Promise.all(
  ts.map((t) => {
    const line = pathlab.interpolateBetweenStateDicts(1 - t, w1, matched);
    return repaired(line, [1 - t, t]);
  }),
);
const between = pathlab.chain(w1, matched, ...points.slice(1, -1));

// Two nets that are one for an epoch, and go on with batches in other orders.
const [fork] = await pathlab.trainForks(network, pathlab.initialize(network, 1), {
  ...{ at: [1], epochs: 10, seeds: [1, 3, 4], loader, optimizer },
});
const [first, second] = fork!.children;

for (const [name, path] of [
  ['raw', pathlab.line(w2, w1)],
  ['matched', pathlab.line(matched, w1)],
  ['repaired', between],
  ['forked', pathlab.line(second, first)],
] as const) {
  const { barrier } = await pathlab.pathBarrier(network, path, { train }, { points: 11 });
  console.log(`${name}: ${barrier.toFixed(3)} nats`);
}
