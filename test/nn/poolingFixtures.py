"""What PyTorch's pooling makes of NaN and infinities, kept as safetensors.

    python test/nn/poolingFixtures.py        (needs torch and safetensors)

For each layer `<name>/x` of few values, so that windows hold equal ones, NaN and infinities; `y`;
and of the loss Σ y·d, with d given, the gradient `gradient/x`.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(3)
values = torch.tensor([float("nan"), float("inf"), -float("inf"), -float("inf"), -2, -1, -1, 0, 1, 2])
tensors = {}
for name, layer in {"maxPool2d": nn.MaxPool2d(2), "averagePool2d": nn.AvgPool2d(2)}.items():
    x = values[torch.randint(len(values), (4, 3, 7, 8))].requires_grad_()
    y = layer(x)
    d = torch.randn(y.shape)
    (y * d).sum().backward()
    tensors |= {f"{name}/x": x.detach(), f"{name}/y": y.detach(), f"{name}/d": d, f"{name}/gradient/x": x.grad}
path = Path(__file__).parent / "fixtures" / "pooling.safetensors"
save_file({k: v.contiguous().clone() for k, v in tensors.items()}, path, {"torch": torch.__version__})
