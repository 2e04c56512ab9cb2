"""Writes imageFixtures.json: what fixtures.py has of fully connected nets, of small nets of images in
evaluation mode, BatchNorm by drawn running statistics. Run it where torch is installed:
python test/curvature/imageFixtures.py
"""

import json
import pathlib

import torch
from fixtures import derivatives
from torch.nn import (
    AvgPool2d, BatchNorm2d, Conv2d, Dropout, Flatten, LeakyReLU, Linear, MaxPool2d, ReLU, Sequential,
    Sigmoid, Tanh, ZeroPad2d,
)

SAMPLES, SIDE, CLASSES = 10, 6, 3


class Residual(torch.nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body = Sequential(*body)
        self.shortcut = Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


# The same as `networks` in imageNets.ts, layer by layer.
NETS = {
    "convolutions, BatchNorm, ReLU, max-pooling": lambda: [
        Conv2d(1, 3, 3, padding="same"), BatchNorm2d(3), ReLU(), MaxPool2d(2),
        Conv2d(3, 4, 2), BatchNorm2d(4), Tanh(), Flatten(), Linear(16, CLASSES),
    ],
    "sigmoid, average pooling, dropout, tanh": lambda: [
        Conv2d(1, 2, 3), Sigmoid(), AvgPool2d(2), Flatten(), Dropout(0.5),
        Linear(8, 5), Tanh(), Linear(5, CLASSES),
    ],
    "padding, strides, LeakyReLU, no bias": lambda: [
        ZeroPad2d(1), Conv2d(1, 3, 3, stride=2, bias=False), LeakyReLU(0.1), MaxPool2d(2),
        Conv2d(3, 4, 3, padding=1), LeakyReLU(0.1), Flatten(), Linear(4, CLASSES),
    ],
    "a residual block": lambda: [
        Conv2d(1, 2, 3, padding="same"), BatchNorm2d(2), ReLU(),
        Residual(
            [Conv2d(2, 3, 3, stride=2, padding=1), BatchNorm2d(3), Tanh(), Conv2d(3, 3, 1)],
            [Conv2d(2, 3, 1, stride=2)],
        ),
        Residual([Conv2d(3, 3, 3, padding="same"), Tanh()], []),
        AvgPool2d(3), Flatten(), Linear(3, CLASSES),
    ],
}


def measured(layers, images, labels, generator):
    model = Sequential(*layers()).double()
    buffers = []
    for module in model.modules():
        if not isinstance(module, BatchNorm2d):
            continue
        mean = torch.randn(module.num_features, generator=generator)
        variance = 0.5 + torch.rand(module.num_features, generator=generator)
        module.running_mean.copy_(mean)
        module.running_var.copy_(variance)
        buffers += [mean.tolist(), variance.tolist()]
    return {"buffers": buffers} | derivatives(model, images, labels, generator)


def main():
    generator = torch.Generator().manual_seed(22)
    pixels = torch.randint(0, 256, (SAMPLES, 1, SIDE, SIDE), generator=generator)
    labels = torch.randint(0, CLASSES, (SAMPLES,), generator=generator)
    images = pixels.double() / 255
    content = {
        "torch": torch.__version__.split("+")[0],
        "images": pixels.flatten().tolist(),
        "labels": labels.tolist(),
        "nets": {name: measured(net, images, labels, generator) for name, net in NETS.items()},
    }
    path = pathlib.Path(__file__).parent / "imageFixtures.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
