"""Writes fixtures.json: what torch.optim does to two tensors, step by step, and the learning
rates of torch.optim.lr_scheduler. Run it where torch is installed: python test/optim/fixtures.py
"""

import json
import math
import pathlib

import torch

STEPS = 12
EPOCHS = 25
BASE_RATE = 0.1
SHAPES = {"layers.1.weight": (3, 4), "layers.1.bias": (3,)}


def start():
    generator = torch.Generator().manual_seed(7)
    return {
        name: torch.randn(shape, generator=generator, dtype=torch.float32)
        for name, shape in SHAPES.items()
    }


def gradients():
    """Gradients of each step, of very different sizes and with exact zeros among them."""
    generator = torch.Generator().manual_seed(11)
    steps = []
    for step in range(STEPS):
        step_gradients = {}
        for name, shape in SHAPES.items():
            g = torch.randn(shape, generator=generator) * 10 ** (1 - step % 4)
            g.view(-1)[step % g.numel()] = 0
            g.view(-1)[0] = 0
            step_gradients[name] = g
        steps.append(step_gradients)
    return steps


def flat(tensors):
    return {name: t.detach().flatten().tolist() for name, t in tensors.items()}


def trajectory(make, all_gradients):
    weights = {name: torch.nn.Parameter(w) for name, w in start().items()}
    optimizer = make(list(weights.values()))
    visited = []
    for step_gradients in all_gradients:
        for name, w in weights.items():
            w.grad = step_gradients[name].clone()
        optimizer.step()
        visited.append(flat(weights))
    state = {}
    for name, w in weights.items():
        for slot, value in optimizer.state[w].items():
            if isinstance(value, torch.Tensor):
                state[f"{name}.{slot}"] = value.flatten().tolist()
    return {"weights": visited, "state": state}


# The options are those of lib/optim; `to_torch` says what each is called in torch.
RULES = [
    ("SGD", {"learningRate": 0.1}),
    ("SGD", {"learningRate": 0.05, "weightDecay": 0.1}),
    ("SGD", {"learningRate": 0.05, "momentum": 0.9}),
    ("SGD", {"learningRate": 0.02, "momentum": 0.5, "weightDecay": 0.01}),
    ("SGD", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"learningRate": 0.01, "momentum": 0.8, "nesterov": True, "weightDecay": 0.1}),
    ("Adam", {"learningRate": 0.001}),
    ("Adam", {"learningRate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.01}),
    ("Adam", {"learningRate": 0.01, "weightDecay": 0.1}),
    ("Adam", {"learningRate": 0.01, "beta1": 0.0, "beta2": 0.0, "epsilon": 0.001}),
    ("AdamW", {"learningRate": 0.001}),
    ("AdamW", {"learningRate": 0.1, "weightDecay": 0.3}),
    ("AdamW", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "weightDecay": 0.0}),
]


def to_torch(options):
    translated = {"lr": options["learningRate"]}
    for ours, theirs in [
        ("momentum", "momentum"),
        ("nesterov", "nesterov"),
        ("weightDecay", "weight_decay"),
        ("epsilon", "eps"),
    ]:
        if ours in options:
            translated[theirs] = options[ours]
    if "beta1" in options:
        translated["betas"] = (options["beta1"], options["beta2"])
    return translated


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE_RATE)
    scheduler = make(optimizer)
    seen = []
    for _ in range(EPOCHS):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return seen


def warmed(epochs, make, **linear):
    def both(optimizer):
        warm = lr.LinearLR(optimizer, total_iters=epochs, **linear)
        return lr.SequentialLR(optimizer, [warm, make(optimizer)], milestones=[epochs])

    return both


lr = torch.optim.lr_scheduler
SCHEDULES = {
    "constantLR": lambda o: lr.ConstantLR(o, factor=1.0),
    "stepLR 1": lambda o: lr.StepLR(o, step_size=1, gamma=0.9),
    "stepLR 7 default gamma": lambda o: lr.StepLR(o, step_size=7),
    "multiStepLR 3 10 10 17": lambda o: lr.MultiStepLR(o, milestones=[10, 3, 10, 17], gamma=0.5),
    "cosineAnnealingLR 24": lambda o: lr.CosineAnnealingLR(o, T_max=24),
    "cosineAnnealingLR 10 and beyond": lambda o: lr.CosineAnnealingLR(
        o, T_max=10, eta_min=0.2 * BASE_RATE
    ),
    "linearWarmup 5": lambda o: lr.LinearLR(o, total_iters=5),
    "linearWarmup 4, cosineAnnealingLR 20": warmed(
        4, lambda o: lr.CosineAnnealingLR(o, T_max=20), start_factor=0.1
    ),
    "linearWarmup 6, stepLR 4": warmed(6, lambda o: lr.StepLR(o, step_size=4, gamma=0.3)),
    "linearWarmup 3, multiStepLR 2 9": warmed(
        3, lambda o: lr.MultiStepLR(o, milestones=[2, 9], gamma=0.1), start_factor=0.5
    ),
}


def main():
    all_gradients = gradients()
    content = {
        "torch": torch.__version__.split("+")[0],
        "shapes": SHAPES,
        "start": flat(start()),
        "gradients": [flat(g) for g in all_gradients],
        "rules": [
            {
                "rule": rule,
                "options": options,
                **trajectory(
                    lambda p: getattr(torch.optim, rule)(p, **to_torch(options)), all_gradients
                ),
            }
            for rule, options in RULES
        ],
        "baseRate": BASE_RATE,
        "rates": {name: rates(make) for name, make in SCHEDULES.items()},
    }
    assert all(math.isfinite(r) for seen in content["rates"].values() for r in seen)
    path = pathlib.Path(__file__).parent / "fixtures.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
