"""JAX's side of the benchmark: prints the row named on the command line.

    python bench/peer_jax.py DATA INITS plane

The strongest that its user would pick: everything under jit, an epoch's batches in one scan, two
nets side by side by vmap, and on lines and planes of the lab's network the first layer's products
kept at each anchor, written by hand.
"""
import platform
import resource
import statistics
import sys
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from peer_files import read, read_init, say

BATCH, STEPS, LINE_POINTS = 128, 469, 5
NETS = ("lab", "1x512", "3x128", "3x512")


def load(folder, name):
    images = read(folder / f"{name}-images-idx3-ubyte").reshape(-1, 784).astype(np.float32) / 255
    return jnp.asarray(images), jnp.asarray(read(folder / f"{name}-labels-idx1-ubyte").astype(np.int32))


def init(folder, name, seed):
    layers = read_init(folder / f"{name}-{seed}.safetensors")
    return [(jnp.asarray(layer["weight"].T), jnp.asarray(layer["bias"])) for layer in layers]


def from_first(z, rest):
    """The logits, of what the first layer gives."""
    for weight, bias in rest:
        z = jax.nn.relu(z) @ weight + bias
    return z


def figures_of(z, y):
    losses = -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1)
    return losses.mean(), (z.argmax(1) == y).mean()


def loss(w, x, y):
    (weight, bias), *rest = w
    return figures_of(from_first(x @ weight + bias, rest), y)


zeros = partial(jax.tree.map, jnp.zeros_like)


def sgd(w, g, m, _):
    m = jax.tree.map(lambda m, g: 0.9 * m + g, m, g)
    return jax.tree.map(lambda w, m: w - 0.1 * m, w, m), m


def adam(w, g, state, k):
    m = jax.tree.map(lambda m, g: m + 0.1 * (g - m), state[0], g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state[1], g)
    m_scale, v_scale = 1 - 0.9**k, 1 - 0.999**k
    move = lambda w, m, v: w - 0.003 * (m / m_scale) / (jnp.sqrt(v / v_scale) + 1e-8)
    return jax.tree.map(move, w, m, v), (m, v)


def training(name, x, y):
    """A first state, one of `weights, memory, steps`, and an epoch over the images at given places."""
    rule = sgd if name == "lab" else adam

    def step(state, places):
        w, memory, k = state
        (value, right), g = jax.value_and_grad(loss, has_aux=True)(w, x[places], y[places])
        w, memory = rule(w, g, memory, k + 1.0)
        return (w, memory, k + 1.0), jnp.stack([value, right]) * len(places)

    def epoch(state, order):
        whole = len(order) // BATCH * BATCH
        state, sums = jax.lax.scan(step, state, order[:whole].reshape(-1, BATCH))
        total = sums.sum(0)
        if whole < len(order):
            state, last = step(state, order[whole:])
            total = total + last
        return state, total / len(order)

    def begin(w):
        return w, zeros(w) if name == "lab" else (zeros(w), zeros(w)), jnp.float32(0)

    return begin, epoch


def combine(c, points):
    return jax.tree.map(lambda *ws: sum(a * w for a, w in zip(c, ws)), *points)


@jax.jit
def affine(points, cs, sets):
    """Figures at coefficients of the points, with the first layer's products kept at each."""
    kept = [[x @ p[0][0] + p[0][1] for p in points] for x, _ in sets]

    def at(c):
        rest = combine(c, points)[1:]
        mix = lambda zs: sum(a * z for a, z in zip(c, zs))
        return [figures_of(from_first(mix(zs), rest), y) for zs, (_, y) in zip(kept, sets)]

    return jax.lax.map(at, cs)


def seconds(work):
    begun = time.perf_counter()
    jax.block_until_ready(work())
    return time.perf_counter() - begun


def measures(folder, name, sets):
    x, y = sets[0]
    points = [init(folder, name, seed) for seed in (1, 2, 3)]
    begin, epoch = training(name, x, y)
    one = jax.jit(lambda state, key: epoch(state, jax.random.permutation(key, len(x))))
    two = jax.jit(jax.vmap(lambda state, key: epoch(state, jax.random.permutation(key, len(x)))))
    both = jax.tree.map(lambda *ws: jnp.stack(ws), *[begin(p) for p in points[:2]])
    keys = jax.random.split(jax.random.key(1), 2)
    evaluate = jax.jit(lambda w: [loss(w, *one_set) for one_set in sets])
    segment = lambda ts: np.stack([ts, 1 - ts], 1).astype(np.float32)
    at = jax.jit(lambda c: evaluate(combine(c, points[:2])))
    walk = lambda: [at(c) for c in segment(np.linspace(0, 1, LINE_POINTS))]
    side = np.linspace(-0.5, 1.5, 30)
    plane = np.array([(1 - a - b, a, b) for b in side for a in side], np.float32)
    one_epoch = lambda: one(begin(points[0]), keys[0])
    two_epochs = lambda: two(both, keys)

    return {
        "step": (one_epoch, 1000 / STEPS),
        "sideBySide": (two_epochs, 1000 / STEPS / 2),
        "epoch": (one_epoch, 1),
        "evaluation": (lambda: evaluate(points[0]), 1),
        "line": (lambda: affine(points[:2], segment(np.linspace(0, 1.5, 30)), sets), 1),
        "plane": (lambda: affine(points, plane, sets), 1),
        f"epoch-{name}": (one_epoch, 1),
        f"pair-{name}": (two_epochs, 1 / 2),
        f"point-{name}": (walk, 1 / LINE_POINTS),
    }


def figures(folder, name, sets):
    (x, y), test = sets
    w = init(folder, name, 1)
    begin, epoch = training(name, x, y)
    checked = {"lab": 50, "3x512": 5}.get(name, 20)
    state, seen = jax.jit(epoch)(begin(w), jnp.arange(checked * BATCH))
    return [[float(value) for value in pair] for pair in (loss(w, *test), seen, loss(state[0], *test))]


def main():
    data, inits, row = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    name = next((name for name in NETS if row.endswith(name)), "lab")
    sets = [load(data, "train"), load(data, "t10k")]
    say("figures", figures(inits, name, sets))
    work, factor = measures(inits, name, sets)[row]
    work_once = lambda: seconds(work)
    work_once()
    repeats = 1 if row in ("line", "plane") or name != "lab" else 15
    say(row, factor * statistics.median(work_once() for _ in range(repeats)))
    say("versions", f"JAX {jax.__version__}, Python {platform.python_version()}")
    say("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


if __name__ == "__main__":
    main()
