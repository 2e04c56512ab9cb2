// CIFAR-10 with its colours normalised, cropped and mirrored at random while a network learns.
// Its folder is the argument: npx tsx cifar10.mts data/cifar-10-batches-bin
import * as pathlab from 'pathlab';

const cifar = await pathlab.loadCifar10(process.argv[2] ?? 'data/cifar-10-batches-bin');
// A part, so that it is done in seconds; a study takes all, a wider network and many epochs.
const part = pathlab.subset(cifar.train, 400, 1);
const statistics = pathlab.channelStatistics(part);
const train = pathlab.normalise(part, statistics);
const test = pathlab.normalise(pathlab.subset(cifar.test, 200, 1), statistics);

const network = pathlab.VGG({ depth: 11, width: 1 / 16, dropout: 0, inputShape: [3, 32, 32] });
const model = { network, weights: pathlab.initialize(network, 1) };
const augmentation = { padding: 4, flip: true, seed: 1 };
const history = await pathlab.train(model, {
  loader: pathlab.dataLoader(train, { batchSize: 50, shuffle: 1, augmentation }),
  testLoader: pathlab.dataLoader(test, { batchSize: 100 }),
  optimizer: pathlab.SGD({ learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 }),
  epochs: 3,
});
console.log(pathlab.textTable(pathlab.historyFrame(history)));
