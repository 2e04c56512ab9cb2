"""Writes fixtures.json: square costs and the least sum of an assignment by scipy. Run it where scipy
is installed: python test/matching/fixtures.py
"""

import json
import pathlib

import numpy
import scipy
from scipy.optimize import linear_sum_assignment


def cases(random):
    """Names and matrices: plain ones, ties, sizes apart by many orders, and what misleads greed."""
    yield "one", numpy.array([[-3.5]])
    yield "zero", numpy.zeros((5, 5))
    for n in [2, 3, 8, 24]:
        yield f"uniform-{n}", random.uniform(size=(n, n))
        yield f"normal-{n}", random.normal(size=(n, n))
        yield f"ties-{n}", random.integers(0, 3, size=(n, n))
        yield f"product-{n}", numpy.outer(numpy.arange(n), numpy.arange(n))
    yield "scales-12", 10 ** random.uniform(-8, 8, size=(12, 12))
    a, b = random.normal(size=(2, 24, 7))
    yield "similarities-24", -a @ b.T


def main():
    random = numpy.random.default_rng(22)
    listed = []
    for name, costs in cases(random):
        rows, columns = linear_sum_assignment(costs)
        listed.append(
            {"name": name, "costs": costs.tolist(), "least": float(costs[rows, columns].sum())}
        )
    # Too large for a file: row i, column j costs (i·j·7919 + i·i·31 + j·j·17) mod 10007.
    i, j = numpy.indices((512, 512), dtype=numpy.int64)
    costs = (i * j * 7919 + i * i * 31 + j * j * 17) % 10007
    rows, columns = linear_sum_assignment(costs)
    fixtures = {
        "scipy": scipy.__version__,
        "cases": listed,
        "modulo": {"size": 512, "least": int(costs[rows, columns].sum())},
    }
    path = pathlib.Path(__file__).with_name("fixtures.json")
    path.write_text(json.dumps(fixtures) + "\n")


main()
