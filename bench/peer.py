"""PyTorch's side of the benchmark: prints the row named on the command line.

    python bench/peer.py DATA INITS [--template] plane

DATA is the folder of MNIST's four files, INITS that of the networks' inits. Tuned: all images in memory as floats, batches by
indexing, evaluation in large batches, as many threads as cores. With --template as the original
lab writes it: a DataLoader that transforms one image at a time, evaluation through it as well; of
that, what would take hours is put together from one epoch and one evaluation.
"""
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from peer_data import Template, Tuned
from peer_files import say
from peer_nets import NETS, figures, make, one_pass

STEPS, EPOCHS, LINE_POINTS, VGG_STEPS = 469, 100, 5, 20
SEEDS = (42, 43)
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}


def network(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))


def flat(net):
    return [p.detach().clone() for p in net.parameters()]


def combine(coefficients, points):
    return [sum(c * p for c, p in zip(coefficients, ps)) for ps in zip(*points)]


def put(net, weights):
    with torch.no_grad():
        for p, w in zip(net.parameters(), weights):
            p.copy_(w)


def epoch(data, net, optimizer, *which):
    return one_pass(net, optimizer, data.batches(*which))


def train(data, net, epochs):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        epoch(data, net, optimizer)
        schedule.step()


def fit_bend(data, w1, w2, epochs, net=None, rule=None):
    """Evaluates at a point of the chain and moves θ by the gradient there times its factor."""
    net = net or network(0)
    theta = combine((0.5, 0.5), (w1, w2))
    optimizer = rule(theta) if rule else torch.optim.SGD(theta, lr=0.05, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        loss = right = 0
        for x, y in data.batches():
            t = np.random.uniform()
            if t < 0.5:
                factor, at = 2 * t, combine((1 - 2 * t, 2 * t), (w1, theta))
            else:
                factor, at = 2 - 2 * t, combine((2 * t - 1, 2 - 2 * t), (w2, theta))
            put(net, at)
            z = net(x)
            value = cross_entropy(z, y)
            net.zero_grad()
            value.backward()
            for p, q in zip(theta, net.parameters()):
                p.grad = q.grad * factor
            optimizer.step()
            loss += value.item() * len(x)
            right += (z.argmax(1) == y).sum().item()
        schedule.step()
    return theta


def walk(data, points, coefficients, net=None):
    net = net or network(0)
    for c in coefficients:
        put(net, combine(c, points))
        data.evaluate(net)


def line(ts):
    return [(t, 1 - t) for t in ts]


def plane():
    side = np.linspace(-0.5, 1.5, 30)
    return [(1, a, b) for b in side for a in side]


def basis(w1, w2, theta):
    dot = lambda p, q: sum((a * b).sum().item() for a, b in zip(p, q))
    u = combine((1, -1), (w2, w1))
    v = combine((1, -1), (theta, w1))
    return w1, u, combine((1, -dot(u, v) / dot(u, u)), (v, u))


def minima(folders):
    """The lab's two, trained by a process of a thread each, and how long the longer one trained."""
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{seed}" for seed in SEEDS]
        commands = [[sys.executable, __file__, *folders, f"train {file}"] for file in files]
        children = [subprocess.Popen(command, env=ONE_THREAD) for command in commands]
        if any([child.wait() for child in children]):
            sys.exit("a training failed")
        trained = [torch.load(file) for file in files]
    return [weights for weights, _ in trained], max(time for _, time in trained)


def train_into(data, file):
    net = network(int(Path(file).name))
    time = seconds(lambda: train(data, net, EPOCHS))
    torch.save((flat(net), time), file)


def rest_of_lab(data, m1, m2):
    inits = [flat(network(seed)) for seed in SEEDS]
    ts = np.linspace(0, 1.5, 30)
    for a, b in ((m1, m2), (m1, inits[0]), (m1, inits[1]), (inits[0], inits[1])):
        walk(data, (a, b), line(ts))
    theta = [p.detach() for p in fit_bend(data, m1, m2, EPOCHS)]
    halves = [(1 - 2 * t, 2 * t, 0) if t < 0.5 else (0, 2 - 2 * t, 2 * t - 1) for t in np.linspace(0, 1, 30)]
    walk(data, (m1, theta, m2), halves)
    walk(data, basis(m1, m2, theta), plane())


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def side_by_side(folders, row, program=__file__):
    """Two processes of a thread each, which is faster than two trainings one after the other."""
    command = [sys.executable, program, *folders, row]
    both = [subprocess.Popen(command, env=ONE_THREAD, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [[json.loads(line) for line in child.communicate()[0].splitlines()] for child in both]
    times = [line["value"] for lines in said for line in lines if line["row"] == row]
    return sum(times) / len(times) / 2


def other_rows(folders, data, name):
    """The rows of another network than the lab's."""
    spec = NETS[name]
    net = make(folders[1], name, 1, spec.dropout)
    optimizer = spec.optimizer(net.parameters())
    if name == "vgg":
        some = (spec.batch, VGG_STEPS * spec.batch)
        return {"vgg": lambda: seconds(lambda: epoch(data, net, optimizer, *some)) / VGG_STEPS * 1000}
    ends = [flat(make(folders[1], name, seed)) for seed in (1, 2)]
    points = lambda: walk(data, ends, line(np.linspace(0, 1, LINE_POINTS)), net)
    return {
        f"epoch-{name}": lambda: seconds(lambda: epoch(data, net, optimizer)),
        f"pair-{name}": lambda: side_by_side(folders, f"epoch-{name}"),
        f"point-{name}": lambda: seconds(points) / LINE_POINTS,
    }


def lab_rows(folders, data, template):
    points = [flat(network(seed)) for seed in (1, 2, 3)]
    net = network(1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    one_epoch = lambda: seconds(lambda: epoch(data, net, optimizer))
    one_evaluation = lambda: seconds(lambda: data.evaluate(net))
    one_bend = lambda: seconds(lambda: fit_bend(data, points[0], points[1], 1))

    def lab():
        if not template:
            trained, time = minima(folders)
            return time + seconds(lambda: rest_of_lab(data, *trained))
        # 4 lines and the chain of 30 points, and the plane of 900.
        return 200 * one_epoch() + 100 * one_bend() + (5 * 30 + 900) * one_evaluation()

    return {
        "step": lambda: one_epoch() / STEPS * 1000,
        "sideBySide": lambda: side_by_side(folders, "step"),
        "epoch": one_epoch,
        "evaluation": one_evaluation,
        "line": lambda: seconds(lambda: walk(data, points[:2], line(np.linspace(0, 1.5, 30)))),
        "plane": lambda: seconds(lambda: walk(data, points, plane())),
        "bendEpoch": one_bend,
        "lab": lab,
    }


def main():
    *folders, row = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    template = "--template" in sys.argv
    data = (Template if template else Tuned)(Path(folders[0]))
    if row.startswith("train "):
        return train_into(data, row.removeprefix("train "))
    name = next((name for name in NETS if row.endswith(name) and name != "lab"), "lab")
    lab = lab_rows(folders, data, template)
    measures = lab if name == "lab" else other_rows(folders, data, name)
    if not template:
        say("figures", figures(folders[1], data, name))
    if row != "lab":
        lab["epoch"]()
        lab["evaluation"]()
    repeats = 15 if row in ("step", "epoch", "evaluation", "bendEpoch", "vgg") and not template else 1
    say(row, statistics.median(measures[row]() for _ in range(repeats)))
    say_machine()


def say_machine():
    """Versions, and the most memory that this program or its two children took."""
    say("versions", f"PyTorch {torch.__version__}, Python {platform.python_version()}, {torch.get_num_threads()} threads")
    children = 2 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    say("memory", max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1000)


if __name__ == "__main__":
    main()
