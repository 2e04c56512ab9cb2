"""What PyTorch computes for the layers of a VGG and for a small VGG11, kept as safetensors.

    python test/nn/imageFixtures.py        (needs torch and safetensors)

layers.safetensors: for each layer `<name>/x`, its weights, `y`, and of the loss Σ y·d (with d given)
the gradients. vgg11.safetensors: a VGG11 with a thirty-second of the channels and BatchNorm, with the
names that the lab's own has; figures in training and in evaluation, gradients, the statistics after
one batch, and those that swa_utils.update_bn makes of two.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim.swa_utils import update_bn

here = Path(__file__).parent / "fixtures"
torch.manual_seed(1)


class Residual(nn.Module):
    def __init__(self, body, shortcut=()):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


layers = {
    "conv2d-same": (nn.Conv2d(3, 5, 3, padding="same"), (4, 3, 7, 6)),
    "conv2d-valid": (nn.Conv2d(2, 3, 3), (4, 2, 6, 5)),
    "maxPool2d": (nn.MaxPool2d(2), (3, 2, 7, 6)),
    "averagePool2d": (nn.AvgPool2d(2), (3, 2, 6, 7)),
    "batchNorm2d": (nn.BatchNorm2d(3), (4, 3, 5, 6)),
    "flatten": (nn.Flatten(), (3, 2, 4, 5)),
    "leakyReLU": (nn.LeakyReLU(0.1), (3, 2, 4, 5)),
    "layerNorm": (nn.LayerNorm(5), (3, 4, 5)),
    "gelu": (nn.GELU(), (3, 2, 4, 5)),
    "gelu-tanh": (nn.GELU("tanh"), (3, 2, 4, 5)),
}
tensors = {}


def record(layers):
    for name, (layer, shape) in layers.items():
        x = torch.randn(shape, requires_grad=True)
        for part in layer.modules():
            if isinstance(part, (nn.BatchNorm2d, nn.LayerNorm)):
                nn.init.uniform_(part.weight, 0.5, 1.5)
                nn.init.uniform_(part.bias)
            if isinstance(part, nn.BatchNorm2d):
                nn.init.uniform_(part.running_mean)
                nn.init.uniform_(part.running_var, 0.5, 1.5)
        for key, value in layer.state_dict().items():
            tensors[f"{name}/before/{key}"] = value.clone()
        y = layer(x)
        d = torch.randn(y.shape)
        (y * d).sum().backward()
        tensors.update({f"{name}/x": x.detach(), f"{name}/y": y.detach(), f"{name}/d": d, f"{name}/gradient/x": x.grad})
        for key, value in layer.named_parameters():
            tensors[f"{name}/gradient/{key}"] = value.grad
        for key, value in layer.state_dict().items():
            tensors[f"{name}/after/{key}"] = value.clone()
        tensors[f"{name}/evaluated"] = layer.eval()(x).detach()


record(layers)
# Layers draw when they are made: the later ones then leave the others' numbers as they are.
record({
    "conv2d-stride": (nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False), (4, 3, 7, 6)),
    "conv2d-wide": (nn.Conv2d(2, 3, 2, stride=3, padding=2), (3, 2, 5, 8)),
    "residual": (Residual([nn.BatchNorm2d(3), nn.GELU(), nn.Conv2d(3, 3, 3, padding=1)]), (4, 3, 5, 6)),
    "residual-projection": (
        Residual(
            [nn.Conv2d(3, 4, 3, stride=2, padding=1), Residual([nn.BatchNorm2d(4)], [nn.GELU()])],
            [nn.Conv2d(3, 4, 1, stride=2, bias=False), nn.BatchNorm2d(4)],
        ),
        (4, 3, 7, 6),
    ),
})
save_file({k: v.contiguous().clone() for k, v in tensors.items()}, here / "layers.safetensors", {"torch": torch.__version__})


class VGG11(nn.Module):
    def __init__(self):
        super().__init__()
        parts, inputs = [nn.Identity(), nn.ZeroPad2d(2)], 1
        for outputs in [2, "M", 4, "M", 8, 8, "M", 16, 16, "M", 16, 16, "M"]:
            if outputs == "M":
                parts.append(nn.MaxPool2d(2))
                continue
            parts += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs = outputs
        parts += [nn.Flatten(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 10)]
        self.layers = nn.ModuleList(parts)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


torch.manual_seed(2)
net = VGG11()
for layer in net.modules():
    if isinstance(layer, nn.BatchNorm2d):
        nn.init.uniform_(layer.weight, 0.5, 1.5)
        nn.init.uniform_(layer.bias, -0.2, 0.2)
images, labels = torch.randint(256, (12, 1, 28, 28)).to(torch.uint8), torch.randint(10, (12,))
x = images.float() / 255
tensors = {"images": images, "labels": labels.to(torch.uint8)}
tensors |= {f"weights/{k}": v.clone() for k, v in net.state_dict().items()}
logits = net(x)
loss = nn.CrossEntropyLoss()(logits, labels)
loss.backward()
tensors |= {"logits": logits.detach(), "loss": loss.detach()[None]}
tensors |= {f"gradient/{k}": v.grad for k, v in net.named_parameters()}
tensors |= {f"after/{k}": v.clone() for k, v in net.state_dict().items() if "running" in k}
update_bn([x[:8], x[8:]], net)
tensors |= {f"recomputed/{k}": v.clone() for k, v in net.state_dict().items() if "running" in k}
tensors["evaluated"] = net.eval()(x).detach()
save_file({k: v.contiguous().clone() for k, v in tensors.items()}, here / "vgg11.safetensors", {"torch": torch.__version__})
