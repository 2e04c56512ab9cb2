"""The files that all sides read: MNIST's, and the networks' inits as safetensors."""
import json
import struct
from pathlib import Path

import numpy as np


def read(path):
    data = Path(path).read_bytes()
    shape = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def read_init(path):
    """Arrays by name, layer by layer: `layers.1.weight` as {1: {"weight": …}}."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    layers = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        _, layer, field = name.split(".")
        dtype = {"F32": np.float32, "I64": np.int64}[entry["dtype"]]
        array = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
        layers.setdefault(int(layer), {})[field] = array
    return [layers[layer] for layer in sorted(layers)]


def say(row, value):
    print(json.dumps({"row": row, "value": value}), flush=True)
