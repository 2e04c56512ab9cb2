// Are the minima of four trainings joined by straight lines, and by a bent path?
import { writeFileSync } from 'node:fs';
import * as pathlab from 'pathlab';

const mnist = await pathlab.loadMnist();
const [train, test] = [pathlab.subset(mnist.train, 2000, 1), pathlab.subset(mnist.test, 500, 1)];
const network = pathlab.ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 32 });
const by = (seed: number, learningRate: number) => ({
  loader: pathlab.dataLoader(train, { batchSize: 64, shuffle: seed }),
  optimizer: pathlab.SGD({ learningRate, momentum: 0.9 }),
  epochs: 10,
});

const models = [1, 2, 3, 4].map((s) => ({ network, weights: pathlab.initialize(network, s) }));
await Promise.all(models.map((model, i) => pathlab.train(model, by(i, 0.1))));
// A training puts other tensors in place of those that it began with.
const nets = models.map(({ weights }) => weights);

const [w1, w2] = [nets[0]!, nets[1]!];
const { theta } = await pathlab.fitBend(network, w1, w2, { ...by(7, 0.05), seed: 7 });
const paths: [string, pathlab.Path][] = [['bend 1-2', pathlab.chain(w1, w2, theta)]];
for (const [i, from] of nets.entries()) {
  for (const [k, to] of nets.entries()) {
    // line(a, b) begins at b; as a chain does, it goes from w₁ to w₂.
    if (k > i) paths.push([`line ${i + 1}-${k + 1}`, pathlab.line(to, from, ['w₁', 'w₂'])]);
  }
}

const figures: Record<string, pathlab.PathFigures> = {};
const rows: Record<string, object> = {};
for (const [name, path] of paths) {
  const ts = pathlab.linspace(0, 1, 21);
  figures[name] = await pathlab.evaluatePath(network, path, ts, { train, test });
  rows[name] = { 'largest train loss': Math.max(...figures[name].trainLoss) };
}
console.log(pathlab.textTable(pathlab.summaryFrame(rows)));
writeFileSync('study.svg', await pathlab.renderSvg(pathlab.pathPlot(figures)));
