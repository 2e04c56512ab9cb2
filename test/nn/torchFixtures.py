"""Models under the names that PyTorch gives them, kept as safetensors and as a file of torch.save.

    python test/nn/torchFixtures.py        (needs torch and safetensors)

For each model `<name>.safetensors` in fixtures/torch: its state dict as save_file writes it, with
`order` in the metadata, and beside it `<name>-io.safetensors`: a batch `x`, `logits` in evaluation,
and, for PreResNets, the loss Σ logits·d in training with its gradients, and the statistics that
swa_utils.update_bn makes of the batch in two parts. PreResNets have the names of Garipov et al.
"""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim.swa_utils import update_bn

here = Path(__file__).parent / "fixtures" / "torch"
here.mkdir(exist_ok=True)


class Block(nn.Module):
    """Pre-activation: each convolution, without bias, after BatchNorm and ReLU."""

    def __init__(self, inputs, channels, stride, bottleneck):
        super().__init__()
        outputs = channels * (4 if bottleneck else 1)
        sizes = [(1, 1), (3, stride), (1, 1)] if bottleneck else [(3, stride), (3, 1)]
        widths = [inputs, channels, channels, outputs] if bottleneck else [inputs, channels, outputs]
        self.steps = len(sizes)
        for i, (kernel, step) in enumerate(sizes):
            setattr(self, f"bn{i + 1}", nn.BatchNorm2d(widths[i]))
            setattr(self, f"conv{i + 1}", nn.Conv2d(widths[i], widths[i + 1], kernel, step, kernel // 2, bias=False))
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False))

    def forward(self, x):
        y = x
        for i in range(self.steps):
            y = getattr(self, f"conv{i + 1}")(torch.relu(getattr(self, f"bn{i + 1}")(y)))
        return y + (self.downsample(x) if hasattr(self, "downsample") else x)


class PreResNet(nn.Module):
    def __init__(self, blocks, bottleneck, widths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, padding=1, bias=False)
        inputs = widths[0]
        for i, channels in enumerate(widths):
            parts = []
            for k in range(blocks):
                parts.append(Block(inputs, channels, 2 if i > 0 and k == 0 else 1, bottleneck))
                inputs = channels * (4 if bottleneck else 1)
            setattr(self, f"layer{i + 1}", nn.Sequential(*parts))
        self.bn = nn.BatchNorm2d(inputs)
        self.fc = nn.Linear(inputs, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        return self.fc(nn.functional.avg_pool2d(torch.relu(self.bn(x)), 8).flatten(1))


class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.ModuleDict({"first": nn.Linear(12, 8)})
        self.fc2, self.fc10 = nn.Linear(8, 8), nn.Linear(8, 8)
        self.logits = nn.Linear(8, 3)

    def forward(self, x):
        return self.logits(torch.relu(self.fc10(torch.relu(self.fc2(torch.relu(self.hidden["first"](x)))))))


class Vision(nn.Module):
    """Names as torchvision's VGG with BatchNorm."""

    def __init__(self):
        super().__init__()
        conv = [nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2)]
        self.features = nn.Sequential(*conv, nn.Conv2d(2, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 3))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


torch.manual_seed(4)
sequential = [part for _ in range(6) for part in (nn.Linear(12, 12), nn.Tanh())]
models = {
    "sequential": (nn.Sequential(*sequential, nn.Linear(12, 3)), (5, 12)),
    "custom": (Custom(), (5, 12)),
    "vision": (Vision(), (5, 1, 8, 8)),
    "preResNet-14": (PreResNet(2, False, [2, 4, 8]), (4, 3, 32, 32)),
    "preResNet-20": (PreResNet(2, True, [2, 4, 8]), (4, 3, 32, 32)),
}
for name, (model, shape) in models.items():
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.uniform_(part.bias, -0.2, 0.2)
            nn.init.uniform_(part.running_mean, -0.2, 0.2)
            nn.init.uniform_(part.running_var, 0.5, 1.5)
    x = torch.randint(256, shape).float() / 255
    states = {key: value.clone() for key, value in model.state_dict().items()}
    save_file(states, here / f"{name}.safetensors", {"order": json.dumps(list(states)), "torch": torch.__version__})
    io = {"x": x, "logits": model.eval()(x).detach()}
    if name.startswith("preResNet"):
        y = model.train()(x)
        io |= {"d": (d := torch.randn(y.shape)), "trained": y.detach()}
        (y * d).sum().backward()
        io |= {f"gradient/{key}": value.grad for key, value in model.named_parameters()}
        update_bn([x[:2], x[2:]], model)
        io |= {f"recomputed/{k}": v.clone() for k, v in model.state_dict().items() if "running" in k}
        io["after"] = model.eval()(x).detach()
    save_file({k: v.contiguous().clone() for k, v in io.items()}, here / f"{name}-io.safetensors")
model = models["custom"][0]
save_file({k: v.half() for k, v in model.state_dict().items()}, here / "custom-half.safetensors")
save_file({k: v.bfloat16() for k, v in model.state_dict().items()}, here / "custom-bfloat16.safetensors")
torch.save(nn.Linear(2, 1).state_dict(), here / "linear.pt")
torch.save(nn.Linear(2, 1).state_dict(), here / "linear-old.pth", _use_new_zipfile_serialization=False)
