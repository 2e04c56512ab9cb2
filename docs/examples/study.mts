// Are the minima of four trainings joined by straight lines, and by a bent path?
import { writeFileSync } from 'node:fs';
import {
  ClassifierFC,
  chain,
  dataLoader,
  evaluatePath,
  fitBend,
  initialize,
  line,
  linspace,
  loadMnist,
  type Path,
  type PathFigures,
  pathPlot,
  renderSvg,
  SGD,
  subset,
  summaryFrame,
  textTable,
  train,
  useBackend,
} from 'pathlab';

await useBackend();
const mnist = await loadMnist();
const datasets = { train: subset(mnist.train, 2000, 1), test: subset(mnist.test, 500, 1) };
const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 32 });
const loaderOf = (seed: number) => dataLoader(datasets.train, { batchSize: 64, shuffle: seed });
const sgd = (learningRate: number) => SGD({ learningRate, momentum: 0.9 });

const models = [1, 2, 3, 4].map((seed) => ({ network, weights: initialize(network, seed) }));
await Promise.all(
  models.map((model, i) => train(model, { loader: loaderOf(i), optimizer: sgd(0.1), epochs: 10 })),
);
// A training puts other tensors in place of those that it began with.
const nets = models.map(({ weights }) => weights);

const ts = linspace(0, 1, 21);
const [w1, w2] = [nets[0]!, nets[1]!];
const bend = { loader: loaderOf(7), optimizer: sgd(0.05), epochs: 10, seed: 7 };
const { theta } = await fitBend(network, w1, w2, bend);
const paths: Record<string, Path> = { 'bend 1-2': chain(w1, w2, theta) };
for (const [i, from] of nets.entries()) {
  // line(a, b) begins at b.
  for (let k = i + 1; k < 4; k++) paths[`line ${i + 1}-${k + 1}`] = line(nets[k]!, from);
}

const figures: Record<string, PathFigures> = {};
for (const [name, path] of Object.entries(paths)) {
  figures[name] = await evaluatePath(network, path, ts, datasets);
}
const highest = Object.entries(figures).map(
  ([name, { trainLoss }]) => [name, { 'largest train loss': Math.max(...trainLoss) }] as const,
);
console.log(textTable(summaryFrame(Object.fromEntries(highest))));
writeFileSync('study.svg', await renderSvg(pathPlot(figures)));
