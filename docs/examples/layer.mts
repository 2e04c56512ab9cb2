// A nonlinearity of one's own: what is the line between two networks like that have it?
import * as pathlab from 'pathlab';

/** x·σ(β·x), of which β is learnt (Ramachandran et al. 2017, arXiv 1710.05941). */
const swish = pathlab.defineLayer<{ beta: number }>('swish', {
  outputShape: (_, shape) => shape,
  tensors: () => ({ beta: [1] }),
  initial: ({ beta }) => ({ beta: pathlab.tf.tensor1d([beta]) }),
  apply: (_, { beta }, x) => x.mul(x.mul(beta!).sigmoid()),
});
const network = pathlab.sequential(
  [1, 28, 28],
  [
    { kind: 'flatten' },
    { kind: 'dense', inputs: 784, outputs: 32 },
    swish({ beta: 1 }),
    { kind: 'dense', inputs: 32, outputs: 10 },
  ],
);

const mnist = await pathlab.loadMnist();
const train = pathlab.subset(mnist.train, 1000, 1);
async function trained(seed: number) {
  const model = { network, weights: pathlab.initialize(network, seed) };
  const loader = pathlab.dataLoader(train, { batchSize: 50, shuffle: seed });
  const optimizer = pathlab.Adam({ learningRate: 0.003 });
  await pathlab.train(model, { loader, optimizer, epochs: 5 });
  return model.weights;
}

const [w1, w2] = [await trained(1), await trained(2)];
console.log(`learnt β: ${[w1, w2].map((w) => w['layers.2.beta']!.dataSync()[0]!.toFixed(3))}`);
const line = pathlab.line(w2, w1); // w1 at t = 0, w2 at t = 1
const figures = await pathlab.evaluatePath(network, line, pathlab.linspace(0, 1, 5), { train });
console.log(pathlab.textTable(pathlab.pathFrame(figures)));
