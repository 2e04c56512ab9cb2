"""The networks of Parts 1, 3.1 and 3.2 in PyTorch, and the figures that all sides must agree on."""
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from peer_files import read_init


@dataclass
class Net:
    layers: Callable
    optimizer: Callable
    batch: int = 128
    steps: int = 20
    tested: int = 10_000
    dropout: float = 0


def one_pass(net, optimizer, batches):
    """Mean loss and accuracy while it trains."""
    loss = right = n = 0
    for x, y in batches:
        z = net(x)
        value = cross_entropy(z, y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        loss += value.item() * len(x)
        right += (z.argmax(1) == y).sum().item()
        n += len(x)
    return loss / n, right / n


def fully_connected(hidden, width, nonlinearity=nn.ReLU):
    def layers(_):
        inputs = [784] + [width] * (hidden - 1)
        blocks = [part for n in inputs for part in (nn.Linear(n, width), nonlinearity())]
        return nn.Sequential(*blocks, nn.Linear(width, 10))

    return layers


def vgg(dropout):
    parts, inputs = [nn.Unflatten(1, (1, 28, 28)), nn.ZeroPad2d(2)], 1
    for outputs in [8, "M", 16, "M", 32, 32, "M", 64, 64, "M", 64, 64, "M"]:
        if outputs == "M":
            parts.append(nn.MaxPool2d(2))
            continue
        parts += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
        inputs = outputs
    parts.append(nn.Flatten())
    for _ in range(2):
        parts += [nn.Dropout(dropout), nn.Linear(64, 64), nn.ReLU()]
    return nn.Sequential(*parts, nn.Linear(64, 10))


sgd = lambda weights: torch.optim.SGD(weights, lr=0.1, momentum=0.9)
adam = lambda weights: torch.optim.Adam(weights, lr=0.003, fused=True)
decaying = lambda weights: torch.optim.SGD(weights, lr=0.05, momentum=0.9, weight_decay=0.0005)

NETS = {
    "lab": Net(fully_connected(1, 64), sgd, steps=50),
    "1x512": Net(fully_connected(1, 512), adam),
    "3x128": Net(fully_connected(3, 128), adam),
    "3x512": Net(fully_connected(3, 512), adam, steps=5),
    "vgg": Net(vgg, decaying, batch=64, steps=5, tested=500, dropout=0.5),
}


def make(inits, name, seed, dropout=0):
    """The network at the init of a seed."""
    net = NETS[name].layers(dropout)
    with_weights = [module for module in net if len(module.state_dict()) > 0]
    for module, arrays in zip(with_weights, read_init(Path(inits) / f"{name}-{seed}.safetensors"), strict=True):
        module.load_state_dict({field: torch.from_numpy(array.copy()) for field, array in arrays.items()})
    return net


def figures(inits, data, name):
    spec = NETS[name]
    net = make(inits, name, 1)
    optimizer = spec.optimizer(net.parameters())

    @torch.no_grad()
    def on_test():
        x, y = (part[: spec.tested] for part in data.sets[1])
        z = net.eval()(x)
        return [cross_entropy(z, y).item(), (z.argmax(1) == y).float().mean().item()]

    before = on_test()
    net.train()
    some = data.batches(spec.batch, spec.steps * spec.batch, shuffle=False)
    return [before, list(one_pass(net, optimizer, some)), on_test()]
