// Is the straight line between two trained networks flat?
import * as pathlab from 'pathlab';

const mnist = await pathlab.loadMnist();
const datasets = { train: pathlab.subset(mnist.train, 2000, 1), test: mnist.test };
const network = pathlab.ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 32 });

async function trained(seed: number) {
  const model = { network, weights: pathlab.initialize(network, seed) };
  const loader = pathlab.dataLoader(datasets.train, { batchSize: 64, shuffle: seed });
  const optimizer = pathlab.SGD({ learningRate: 0.1, momentum: 0.9 });
  await pathlab.train(model, { loader, optimizer, epochs: 10 });
  return model.weights;
}

const [w1, w2] = [await trained(1), await trained(2)];
const line = pathlab.line(w2, w1); // t·w2 + (1 − t)·w1: w1 at t = 0, w2 at t = 1
const figures = await pathlab.evaluatePath(network, line, pathlab.linspace(0, 1, 11), datasets);
console.log(pathlab.textTable(pathlab.pathFrame(figures)));
