// A line between two residual networks, with BatchNorm's statistics as they are in between, and anew.
// Its argument is how many images there are: npx tsx preresnet.mts 500
import * as pathlab from 'pathlab';

const mnist = await pathlab.loadMnist();
const train = pathlab.subset(mnist.train, Number(process.argv[2] ?? 500), 1);
// Garipov et al. have { depth: 164 } and whole CIFAR.
const network = pathlab.PreResNet({ depth: 8, width: 1 / 4, inputShape: [1, 28, 28] });
async function trained(seed: number) {
  const model = { network, weights: pathlab.initialize(network, seed) };
  const loader = pathlab.dataLoader(train, { batchSize: 50, shuffle: seed });
  const optimizer = pathlab.SGD({ learningRate: 0.1, momentum: 0.9 });
  await pathlab.train(model, { loader, optimizer, epochs: 4 });
  return model.weights;
}

const line = pathlab.line(await trained(2), await trained(1)); // seed 1 at t = 0, seed 2 at t = 1
for (const statistics of ['interpolated', 'recomputed'] as const) {
  const ts = [0, 0.5, 1];
  const figures = await pathlab.evaluatePath(network, line, ts, { train }, { statistics });
  console.log(`${statistics}\n${pathlab.textTable(pathlab.pathFrame(figures))}`);
}
