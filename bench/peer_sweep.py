"""PyTorch's side of Part 3.1: seconds of the whole, by an epoch of each network and of its bend, and some points.

    python bench/peer_sweep.py DATA INITS sweep

Trainings and bends run two at a time, each in a process of one thread, as in peer.py.
"""
import sys
from pathlib import Path

import numpy as np
from torch import nn

from peer import combine, epoch, fit_bend, flat, line, say_machine, seconds, side_by_side, walk
from peer_data import Tuned
from peer_files import say
from peer_nets import adam, fully_connected

RELU = [(1, 64), (1, 128), (1, 512), (3, 128), (3, 512)]
NETWORKS = [(*net, nn.ReLU) for net in RELU] + [(3, 128, nn.Sigmoid), (1, 64, nn.Tanh)]
SEEDS, EPOCHS, POINTS, MEASURED = 3, 25, 31, 5


def epochs_of(data, spec):
    """One of a training, and one of a bend."""
    net, other = (fully_connected(*spec)(0) for _ in range(2))
    ends = flat(net), flat(other)
    training = seconds(lambda: epoch(data, net, adam(net.parameters())))
    return training + seconds(lambda: fit_bend(data, *ends, 1, other, adam))


def point_of(data, spec):
    net, other = (fully_connected(*spec)(0) for _ in range(2))
    points = line(np.linspace(0, 1, MEASURED))
    return seconds(lambda: walk(data, (flat(net), flat(other)), points, net)) / MEASURED


def main():
    *folders, row = sys.argv[1:]
    data = Tuned(Path(folders[0]))
    if row == "epochs":
        say(row, sum(epochs_of(data, spec) for spec in NETWORKS))
        return
    epochs = side_by_side(folders, "epochs", __file__)
    points = sum(point_of(data, spec) for spec in NETWORKS)
    say("sweep", SEEDS * (EPOCHS * epochs + 2 * POINTS * points))
    say_machine()


if __name__ == "__main__":
    main()
