"""What PyTorch computes for the lab's network, kept as safetensors beside this script.

    python test/nn/fixtures.py        (needs torch and safetensors)

One file a network: `weights/…`, a batch `x` and `y`, the `logits`, the mean cross-entropy `loss`
and its gradients `gradient/…`. The layers carry the names of the original lab's module.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

here = Path(__file__).parent / "fixtures"
here.mkdir(exist_ok=True)
nonlinearities = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


class Net(nn.Module):
    def __init__(self, sizes, nonlinearity):
        super().__init__()
        layers = [nn.Flatten()]
        for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
            layers += [nn.Linear(inputs, outputs), nonlinearity()]
        self.layers = nn.ModuleList(layers + [nn.Linear(sizes[-2], sizes[-1])])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


for name, nonlinearity in nonlinearities.items():
    for depth in (1, 3):
        torch.manual_seed(depth)
        net = Net([16] + [5] * depth + [10], nonlinearity)
        x, y = torch.rand(7, 1, 4, 4), torch.randint(10, (7,))
        logits = net(x)
        loss = nn.CrossEntropyLoss()(logits, y)
        loss.backward()
        tensors = {"x": x, "y": y.int(), "logits": logits.detach(), "loss": loss.detach()[None]}
        for key, parameter in net.named_parameters():
            tensors[f"weights/{key}"] = parameter.detach()
            tensors[f"gradient/{key}"] = parameter.grad
        save_file(tensors, here / f"{name}-{depth}.safetensors", {"torch": torch.__version__})
