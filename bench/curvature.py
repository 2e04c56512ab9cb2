"""The Python sides of bench/curvature.ts: prints one line of JSON.

    python bench/curvature.py DATA WEIGHTS pytorch|curvlinops

DATA is the folder of MNIST's four files, WEIGHTS a 784-64-10 network as pathlab saves it. Needs
torch, numpy, safetensors and scipy, and curvlinops-for-pytorch for its own side. Times are the
processor's, of all threads. A product of `pytorch` is a second backward pass through the graph of
the gradient, which is kept; the eigenvalues are those of scipy's eigsh (ARPACK).
"""
import json
import statistics
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import nn

from peer_data import Tuned

warnings.filterwarnings("ignore")
LARGEST, PRODUCTS = 10, 9


def double_backward(net, x, y):
    """v ↦ Hv, both flat, with the graph of the gradient kept."""
    parameters = list(net.parameters())
    loss = nn.functional.cross_entropy(net(x), y)
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    flat = torch.cat([g.reshape(-1) for g in gradient])

    def product(v):
        of_v = torch.from_numpy(np.asarray(v, dtype=np.float32).reshape(-1))
        parts = torch.autograd.grad(flat, parameters, of_v, retain_graph=True)
        return torch.cat([p.reshape(-1) for p in parts]).numpy()

    return product, flat.detach().norm().item(), len(flat)


def seconds(work):
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def main():
    data, weights, side = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    x, y = Tuned(data).sets[0]
    net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    saved = load_file(weights)
    net.load_state_dict(
        {f"{ours - 1}.{part}": saved[f"layers.{ours}.{part}"] for ours in (1, 3) for part in ("weight", "bias")}
    )
    product, gradient, size = double_backward(net, x, y)
    if side == "curvlinops":
        from curvlinops import HessianLinearOperator

        loss = nn.CrossEntropyLoss()
        operator = HessianLinearOperator(
            net, loss, list(net.parameters()), [(x, y)], check_deterministic=False
        ).to_scipy()
        product = lambda v: operator @ v  # noqa: E731
    ones = np.ones(size, dtype=np.float32) / np.sqrt(size)
    product(ones)
    times = [seconds(lambda: product(ones))[0] for _ in range(PRODUCTS)]
    matrix = LinearOperator((size, size), matvec=product, dtype=np.float32)
    took, largest = seconds(
        lambda: eigsh(matrix, k=LARGEST, which="LA", tol=1e-4, return_eigenvectors=False)
    )
    name = f"{side} {version('curvlinops-for-pytorch' if side == 'curvlinops' else 'torch')}"
    print(
        json.dumps(
            {
                "name": name,
                "gradient": gradient,
                "product": statistics.median(times),
                "eigenvalues": took,
                "largest": sorted(map(float, largest), reverse=True),
            }
        )
    )


if __name__ == "__main__":
    main()
