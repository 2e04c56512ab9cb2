"""The Python sides of bench/landscape.ts: prints one line of JSON.

    python bench/landscape.py DATA WEIGHTS SIDE pytorch|loss-landscapes

DATA is the folder of MNIST's four files, WEIGHTS that of the three nets. Needs torch, numpy and
safetensors, and loss-landscapes for its own side. The time is the processor's, of all threads, of
the first plane in this process.
"""
import json
import sys
import time
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import cross_entropy

from peer import combine, flat, put
from peer_data import Tuned


def load(path):
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10)
    )
    net.load_state_dict({name.removeprefix("layers."): w for name, w in load_file(path).items()})
    return net


def processor_seconds(work):
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


@torch.no_grad()
def plane(nets, metric, at):
    """The metric at w1 + a (w2 - w1) + b (w3 - w1) for each (a, b): plain PyTorch."""
    net, points = deepcopy(nets[0]), [flat(net) for net in nets]

    def value(a, b):
        put(net, combine((1 - a - b, a, b), points))
        return metric(net)

    return [[value(a, b) for a, b in row] for row in at]


def main():
    data, folder, side, which = sys.argv[1:]
    side = int(side)
    torch.set_num_threads(2)
    x, y = Tuned(Path(data)).sets[1]
    files = [Path(folder) / f"{k}.safetensors" for k in (1, 2, 3)]
    nets = [load(path) for path in files]
    loss = lambda net: cross_entropy(net(x), y).item()
    said = {"versions": f"PyTorch {torch.__version__}"}
    if which == "pytorch":
        ends = np.linspace(0, 1, side)
        at = [[(a, b) for b in ends] for a in ends]
        said["seconds"], said["losses"] = processor_seconds(lambda: plane(nets, loss, at))
    else:
        import loss_landscapes
        from loss_landscapes.metrics import Loss

        walk = lambda: loss_landscapes.planar_interpolation(*nets, Loss(cross_entropy, x, y), steps=side)
        said["seconds"], cells = processor_seconds(walk)
        # Its comment says that cell [i][j] lies at (i, j) steps; two columns show what holds.
        at = [[(i / side, j / side) for j in range(side)] for i in range(2)]
        expected = plane([load(path) for path in files], loss, at)
        said["losses"] = cells.tolist()
        said["asSaid"] = np.isclose(cells[:2], expected, rtol=1e-4, atol=0).sum(axis=1).tolist()
        said["nextCell"] = expected[0][1]
        said["startAfterwards"] = loss(nets[0])
        said["versions"] = f"loss-landscapes {version('loss-landscapes')}"
    print(json.dumps(said))


if __name__ == "__main__":
    main()
