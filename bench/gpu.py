"""Times Part 3.2's network in PyTorch on CUDA, one line of JSON a row; beside bench/gpu.ts.

    python bench/gpu.py            (needs torch with CUDA; images are random, which takes no less time)

All images lie on the GPU. `eager` is PyTorch as one writes it, with the loss and the accuracy of each
batch read back as the lab's own does; `compiled` is `torch.compile(mode='reduce-overhead')`, read back
once an epoch.
"""
import json
import sys
import time

import torch
from torch import nn

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True
torch.manual_seed(1)
images, labels = torch.rand(5000, 1, 28, 28, device="cuda"), torch.randint(10, (5000,), device="cuda")
loss_function = nn.CrossEntropyLoss()


def vgg(width):
    scaled = lambda n: max(1, round(n * width))
    parts, inputs = [nn.ZeroPad2d(2)], 1
    for outputs in [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]:
        if outputs == "M":
            parts.append(nn.MaxPool2d(2))
            continue
        parts += [nn.Conv2d(inputs, scaled(outputs), 3, padding=1), nn.BatchNorm2d(scaled(outputs)), nn.ReLU()]
        inputs = scaled(outputs)
    parts.append(nn.Flatten())
    for _ in range(2):
        parts += [nn.Dropout(0.5), nn.Linear(inputs, inputs), nn.ReLU()]
    return nn.Sequential(*parts, nn.Linear(inputs, 10)).cuda()


def median(act, rounds=5, warm=2):
    times = []
    for round in range(rounds + warm):
        torch.cuda.synchronize()
        start = time.perf_counter()
        count = act()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) / count * 1000)
    return sorted(times[warm:])[rounds // 2]


def step_time(width, batch, compiled):
    net = vgg(width).train()
    if compiled:
        net = torch.compile(net, mode="reduce-overhead")
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)

    def epoch():
        order, total, correct = torch.randperm(5000, device="cuda"), 0, 0
        steps = 5000 // batch
        for i in range(steps):
            at = order[i * batch : (i + 1) * batch]
            x, y = images[at], labels[at]
            logits = net(x)
            loss = loss_function(logits, y)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            right = (logits.argmax(1) == y).sum()
            total, correct = (total + loss.detach(), correct + right) if compiled else (total + loss.item(), correct + right.item())
        float(total), float(correct)
        return steps

    return median(epoch)


def evaluation_time(width):
    net = vgg(width).eval()

    @torch.no_grad()
    def all_images():
        total = 0
        for i in range(0, 5000, 500):
            total += loss_function(net(images[i : i + 500]), labels[i : i + 500]).item()
        return 1

    return median(all_images)


def say(**row):
    print(json.dumps({"torch": torch.__version__, "card": torch.cuda.get_device_name(), **row}), flush=True)


for compiled in [False] if "--eager" in sys.argv else [False, True]:
    for width, batch in [(1 / 8, 64), (1 / 8, 128), (1, 128)]:
        say(row="step (ms)", compiled=compiled, width=width, batchSize=batch, value=step_time(width, batch, compiled))
for width in [1 / 8, 1]:
    say(row="5000 images (ms)", width=width, value=evaluation_time(width))
