"""Files for the reader of safetensors, good and bad, with what the format's own reader says of each.

    pip install safetensors==0.8.0 numpy==2.4.6 torch==2.15.0
    python test/weights/corpus.py 400 1 > test/weights/corpus.jsonl      (count, seed)

A line a file: its bytes in base64, and the error of `safetensors.deserialize`, or else the metadata
and each tensor's name, dtype, shape and values as numpy (bfloat16: torch) reads them. Numbers that
JSON has not (NaN, Infinity, beyond 2^53) are strings.
"""
import base64
import json
import os
import random
import struct
import sys
import tempfile

import numpy as np
import torch
from safetensors import deserialize, safe_open

from corpus_words import BITS, COMMON, NAMES, NUMPY, ODD_NUMBERS, ODD_VALUES, WORDS

count, seed = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
scratch = os.path.join(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None), "x")


class Pairs(list):
    """An object as pairs, so that names can repeat."""


class Raw(str):
    """JSON as it stands."""


def text(s):
    if rng.random() < 0.9:
        return json.dumps(s, ensure_ascii=rng.random() < 0.5)
    return '"' + "".join("\\u%04x" % u for u in struct.unpack(f"<{len(s.encode('utf-16-le')) // 2}H", s.encode("utf-16-le"))) + '"'


def space():
    return "" if rng.random() < 0.95 else rng.choice([" ", "\n", "\t", "\r", "  "])


def emit(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        inner = ",".join(space() + text(k) + space() + ":" + space() + emit(v) + space() for k, v in value)
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ",".join(space() + emit(v) + space() for v in value) + "]"
    return text(value) if isinstance(value, str) else json.dumps(value)


def data(dtype, size):
    if dtype == "BOOL":
        return bytes(rng.choice([0, 1, 1, 0, 0, 1, 2, 255]) for _ in range(size))
    if dtype in ("F64", "I64", "U64", "U32") and rng.random() < 0.9:
        kind = NUMPY[dtype]
        few = [0, 1, 2, 3, 100]
        if dtype == "F64":
            few += [-0.0, 0.1, -1.5, 1e-320, 1e-46, float("nan"), float("inf"), -float("inf")]
            few += [3.4028235677973362e38] * (rng.random() < 0.2) + [3.4028235677973366e38, 1e300] * (rng.random() < 0.2)
        if dtype == "I64":
            few += [-1, -2**31, 2**31 - 1] + [2**31, -2**31 - 1, -8589934597, 2**53 + 1] * (rng.random() < 0.2)
        if dtype[0] == "U":
            few += [2**31 - 1] + [2**31, 2**32 - 1] * (rng.random() < 0.2)
        width = np.dtype(kind).itemsize
        return np.array([rng.choice(few) for _ in range(size // width)], kind).tobytes() + b"\0" * (size % width)
    return rng.randbytes(size)


def good():
    """Parts of a whole file: tensors as [name, dtype, shape, begin, end], the body, the metadata."""
    tensors, body = [], b""
    for name in rng.sample(NAMES, rng.choice([0, 1, 1, 2, 2, 3, 4])):
        dtype = rng.choice(COMMON if rng.random() < 0.8 else list(BITS))
        shape = [rng.choice([0, 1, 1, 2, 3, 4]) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
        size = BITS[dtype] * int(np.prod(shape, dtype=int)) // 8
        tensors.append([name, dtype, shape, len(body), len(body) + size])
        body += data(dtype, size)
    metadata = Pairs((rng.choice(NAMES), rng.choice(NAMES)) for _ in range(rng.choice([0, 1, 2])))
    return tensors, body, metadata


def header(tensors, metadata):
    pairs = Pairs()
    for name, dtype, shape, begin, end in tensors:
        info = Pairs([("dtype", dtype), ("shape", shape), ("data_offsets", [begin, end])])
        if rng.random() < 0.2:
            rng.shuffle(info)
        pairs.append((name, info))
    if metadata or rng.random() < 0.2:
        pairs.append(("__metadata__", metadata if rng.random() < 0.9 else None))
    if rng.random() < 0.3:
        rng.shuffle(pairs)
    return pairs


def change_layout(tensors, body):
    if not tensors:
        return body + rng.randbytes(rng.choice([0, 1, 4]))
    t = rng.choice(tensors)
    kind = rng.randrange(9)
    if kind == 0:
        t[3] += rng.choice([-4, -1, 1, 4])
    elif kind == 1:
        t[4] += rng.choice([-4, -1, 1, 4])
    elif kind == 2:
        move = rng.choice([-4, -1, 1, 4])
        t[3], t[4] = t[3] + move, t[4] + move
    elif kind == 3:
        t[3], t[4] = t[4], t[3]
    elif kind == 4:
        body += rng.randbytes(rng.choice([1, 4, 8]))
    elif kind == 5:
        body = body[: len(body) - rng.choice([1, 4])]
    elif kind == 6:
        t[2] = t[2] + [rng.choice([0, 1, 2, Raw(rng.choice(ODD_NUMBERS))])]
    elif kind == 7:
        t[1] = rng.choice([*BITS, "f32", "F128", "", "I4", "constructor", "__proto__", None, 1, Pairs([("F32", None)])])
    else:
        tensors.append([rng.choice([t[0], rng.choice(NAMES)]), *t[1:]])
    return body


def change_header(pairs):
    infos = [v for k, v in pairs if k != "__metadata__"]
    kind = rng.randrange(12)
    if kind == 0 and infos:
        del (info := rng.choice(infos))[rng.randrange(len(info))]
    elif kind == 1 and infos:
        (info := rng.choice(infos)).append(rng.choice(info))
    elif kind == 2 and infos:
        rng.choice(infos).insert(0, (rng.choice(["x", "Dtype", "__metadata__", "constructor"]), Raw(rng.choice(ODD_VALUES))))
    elif kind == 3 and infos:
        info = rng.choice(infos)
        i = rng.randrange(len(info))
        info[i] = (info[i][0], Raw(rng.choice(ODD_VALUES)))
    elif kind == 4 and infos:
        offsets = dict(rng.choice(infos)).get("data_offsets")
        if isinstance(offsets, list):
            offsets[rng.randrange(2)] = Raw(rng.choice(ODD_NUMBERS))
    elif kind == 5 and infos:
        shape = dict(rng.choice(infos)).get("shape")
        if shape:
            i = rng.randrange(len(shape))
            shape[i] = Raw(rng.choice(ODD_NUMBERS + [f"{shape[i]}.0", f"{shape[i]}e0", f"0{shape[i]}"]))
    elif kind == 6:
        pairs.append(("__metadata__", rng.choice([Pairs(), None, Pairs([("a", "b")]), Raw(rng.choice(ODD_VALUES))])))
    elif kind == 7:
        value = rng.choice([1, None, True, Raw(rng.choice(ODD_VALUES)), ["x"], Pairs()])
        pairs.append(("__metadata__", Pairs([("a", value), ("a", "b")])))
    elif kind == 8 and pairs:
        pairs.append(rng.choice(pairs))
    elif kind == 9 and infos:
        i = rng.randrange(len(pairs))
        if pairs[i][0] != "__metadata__":
            pairs[i] = (pairs[i][0], [v for _, v in pairs[i][1]][: rng.choice([2, 3, 3, 3])])
    elif kind == 10 and infos:
        depth = rng.choice([1, 10, 124, 125, 126, 127, 200, 5000])
        o, c = rng.choice([("[", "]"), ('{"a":', "}")])
        rng.choice(infos).append(("x", Raw(o * depth + ("1" if o != "[" else "") + c * depth)))
    else:
        pairs.insert(0, (rng.choice(NAMES), Raw(rng.choice(ODD_VALUES))))


def change_text(s):
    for _ in range(rng.choice([1, 1, 2, 3])):
        i = rng.randrange(len(s) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            s = s[:i] + rng.choice(WORDS) + s[i:]
        elif kind == 1:
            s = s[:i] + s[i + rng.choice([1, 1, 2, 5]) :]
        elif kind == 2:
            s = s[:i] + rng.choice(WORDS) + s[i + 1 :]
        else:
            j = rng.randrange(len(s) + 1)
            s = s[: min(i, j)] + s[max(i, j) :] if rng.random() < 0.2 else s[:i] + s[min(i, j) : max(i, j)] + s[i:]
    return s


def change_bytes(b):
    i = rng.randrange(len(b) + 1)
    bad = rng.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x28", b"\x80", "é".encode(), bytes([rng.randrange(256)])])
    return b[:i] + bad + b[i + rng.choice([0, 1]) :]


def generated():
    tensors, body, metadata = good()
    faults = rng.choices(["none", "layout", "header", "text", "bytes", "length", "around"], [30, 20, 25, 15, 5, 4, 4])
    if "layout" in faults:
        body = change_layout(tensors, body)
    pairs = header(tensors, metadata)
    if "header" in faults:
        change_header(pairs)
    s = emit(pairs)
    if "text" in faults:
        s = change_text(s)
    if "around" in faults:
        s = rng.choice(["\ufeff", " ", "\n\t", "\0", "x", ""]) + s + rng.choice(["", "\n", "\0", "{}", ",", "\ufeff", "\u00a0", "\f"])
    if rng.random() < 0.5:
        s += " " * rng.choice([1, 3, 7, 8])
    h = s.encode("utf-8", "surrogatepass")
    if "bytes" in faults:
        h = change_bytes(h)
    n = len(h)
    if "length" in faults:
        n = rng.choice([0, n - 1, n + 1, n + 4, n - 8, 2**64 - 1, 2**63, 100_000_001, 2**32 + n])
    file = struct.pack("<Q", max(n, 0)) + h + body
    if "length" in faults and rng.random() < 0.2:
        file = file[: rng.randrange(len(file))]
    return file


def as_json(value):
    if value != value or value in (float("inf"), -float("inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(value))]
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


def values(dtype, raw):
    if dtype in NUMPY:
        return [as_json(v) for v in np.frombuffer(raw, NUMPY[dtype]).tolist()]
    if dtype == "BF16" and raw:
        return [as_json(v) for v in torch.frombuffer(bytearray(raw), dtype=torch.bfloat16).double().tolist()]
    return []


def verdict(file):
    try:
        read = deserialize(file)
    except Exception as error:
        return {"error": str(error).removeprefix("Error while deserializing: ")[:70]}
    with open(scratch, "wb") as f:
        f.write(file)
    with safe_open(scratch, "np") as f:
        metadata = f.metadata()
    tensors = [[name, of["dtype"], of["shape"], values(of["dtype"], bytes(of["data"]))] for name, of in read]
    return {"metadata": [*(metadata or {}).items()], "tensors": sorted(tensors, key=lambda t: t[0])}


for _ in range(count):
    file = generated()
    print(json.dumps({"file": base64.b64encode(file).decode(), **verdict(file)}, allow_nan=False))
