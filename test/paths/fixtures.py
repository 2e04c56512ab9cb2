"""Writes fixtures.json: label smoothing with its gradient, and a line and a plane of a small network by
torch: losses, metrics, weight decay. Run it where torch is installed: python test/paths/fixtures.py
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional

SMOOTHING = [0.0, 0.1, 0.5]
WEIGHT_DECAY = 0.01
TS = [-0.25, 0.0, 0.4, 1.0]
PLANE = {"as": [-1.0, 0.5], "bs": [0.0, 2.0, 3.0]}


def draw(generator, *shape):
    return torch.randn(shape, generator=generator, dtype=torch.float32)


def smoothing(generator):
    cases = []
    for amount in SMOOTHING:
        logits = (3 * draw(generator, 4, 5)).requires_grad_()
        labels = torch.randint(5, (4,), generator=generator)
        loss = functional.cross_entropy(logits, labels, label_smoothing=amount)
        loss.backward()
        cases.append(
            {
                "amount": amount,
                "logits": logits.tolist(),
                "labels": labels.tolist(),
                "loss": loss.item(),
                "gradient": logits.grad.tolist(),
            }
        )
    return cases


def weights_of(generator):
    """Of an nn.Sequential(Flatten, Linear(4, 6), ReLU, Linear(6, 3)), with pathlab's names."""
    shapes = {
        "layers.1.weight": (6, 4),
        "layers.1.bias": (6,),
        "layers.3.weight": (3, 6),
        "layers.3.bias": (3,),
    }
    return {name: draw(generator, *shape) for name, shape in shapes.items()}


def combined(coefficients, weights):
    return {
        name: sum(c * one[name].double() for c, one in zip(coefficients, weights))
        for name in weights[0]
    }


def figures(weights, images, labels):
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3)).double()
    network.load_state_dict({name.removeprefix("layers."): w for name, w in weights.items()})
    with torch.no_grad():
        logits = network(images.double())
        chances = logits.softmax(1)
        target = functional.one_hot(labels, 3)
        top2 = (logits.topk(2).indices == labels[:, None]).any(1)
        square = sum((p**2).sum() for p in network.parameters())
        return {
            "crossEntropy": functional.cross_entropy(logits, labels).item(),
            "smoothed": functional.cross_entropy(logits, labels, label_smoothing=0.1).item(),
            "brier": ((chances - target) ** 2).sum(1).mean().item(),
            "top2": top2.double().mean().item(),
            "accuracy": (logits.argmax(1) == labels).double().mean().item(),
            "penalty": (WEIGHT_DECAY / 2 * square).item(),
        }


def main():
    generator = torch.Generator().manual_seed(5)
    cases = smoothing(generator)
    anchors = [weights_of(generator) for _ in range(3)]
    images = draw(generator, 30, 1, 2, 2)
    labels = torch.randint(3, (30,), generator=generator)
    on_line = [figures(combined([t, 1 - t], anchors[:2]), images, labels) for t in TS]
    on_plane = [
        [figures(combined([1, a, b], anchors), images, labels) for a in PLANE["as"]]
        for b in PLANE["bs"]
    ]
    fixtures = {
        "torch": torch.__version__,
        "smoothing": cases,
        "weightDecay": WEIGHT_DECAY,
        "weights": [{name: w.tolist() for name, w in one.items()} for one in anchors],
        "images": images.flatten().tolist(),
        "labels": labels.tolist(),
        "line": {"ts": TS, "figures": on_line},
        "plane": {**PLANE, "figures": on_plane},
    }
    path = pathlib.Path(__file__).with_name("fixtures.json")
    path.write_text(json.dumps(fixtures, indent=1) + "\n")


main()
