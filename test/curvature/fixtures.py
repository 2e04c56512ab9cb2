"""Writes fixtures.json: loss, gradient, products with the Hessian and the Gauss-Newton matrix, and
their spectra, of small fully connected nets, by torch.func in float64. The Hessian is forward mode
over reverse mode of torch's own autodiff, and torch.linalg.eigvalsh (LAPACK) its spectrum. Run it
where torch is installed: python test/curvature/fixtures.py
"""

import json
import pathlib

import torch
from torch.func import functional_call, hessian, jacrev

SAMPLES, SIDE, CLASSES = 12, 3, 3
ACTIVATIONS = {
    "relu": torch.nn.ReLU,
    "leakyReLU": lambda: torch.nn.LeakyReLU(0.1),
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
}
WIDTHS = {1: [8], 2: [6, 5], 3: [5, 4, 4]}


def net(activation, hidden):
    layers = [torch.nn.Flatten()]
    inputs = SIDE * SIDE
    for width in hidden:
        layers += [torch.nn.Linear(inputs, width), ACTIVATIONS[activation]()]
        inputs = width
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, CLASSES)).double()


def figures(activation, hidden, images, labels, generator):
    own = {"activation": activation, "hidden": hidden}
    return own | derivatives(net(activation, hidden), images, labels, generator)


def derivatives(model, images, labels, generator):
    """At drawn weights and along a drawn direction, of a model as it is in evaluation."""
    model.eval()
    shapes = [p.shape for p in model.parameters()]
    # Weights that float32 holds exactly, since a state dict of the lab is float32.
    draw = torch.randn(sum(s.numel() for s in shapes), generator=generator)
    w = (0.7 * draw).float().double()

    def logits(w):
        parts = torch.split(w, [s.numel() for s in shapes])
        named = zip(dict(model.named_parameters()), parts, shapes)
        return functional_call(model, {n: p.view(s) for n, p, s in named}, (images,))

    def loss(w):
        return torch.nn.functional.cross_entropy(logits(w), labels)

    v = torch.randn(w.numel(), generator=generator).double()
    h = hessian(loss)(w)
    p = torch.softmax(logits(w), 1)
    j = jacrev(logits)(w)
    of_loss = (torch.diag_embed(p) - p[:, :, None] * p[:, None, :]) / len(labels)
    g = torch.einsum("scw,scd,sdx->wx", j, of_loss, j)
    return {
        "weights": w.tolist(),
        "loss": loss(w).item(),
        "gradient": jacrev(loss)(w).tolist(),
        "v": v.tolist(),
        "hessianV": (h @ v).tolist(),
        "gaussNewtonV": (g @ v).tolist(),
        "trace": h.trace().item(),
        "spectrum": torch.linalg.eigvalsh(h).tolist(),
        "gaussNewtonSpectrum": torch.linalg.eigvalsh(g).tolist(),
    }


def main():
    generator = torch.Generator().manual_seed(21)
    pixels = torch.randint(0, 256, (SAMPLES, 1, SIDE, SIDE), generator=generator)
    # As in a digit, some pixels are 0.
    pixels[torch.rand(pixels.shape, generator=generator) < 0.3] = 0
    labels = torch.randint(0, CLASSES, (SAMPLES,), generator=generator)
    nets = [("relu", [])] + [(a, WIDTHS[d]) for a in ACTIVATIONS for d in WIDTHS]
    images = pixels.double() / 255
    content = {
        "torch": torch.__version__.split("+")[0],
        "images": pixels.flatten().tolist(),
        "labels": labels.tolist(),
        "nets": [figures(a, hidden, images, labels, generator) for a, hidden in nets],
    }
    path = pathlib.Path(__file__).parent / "fixtures.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
