"""The kernel beside ipykernel and Deno, in turn, in one run: medians. On Linux, which tells the
processor time and the memory of processes; on a machine that does nothing else.

    npm install --prefix /tmp/deno deno
    .venv/bin/python bench/kernel.py --deno /tmp/deno/node_modules/deno/deno [--runs 7]
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

ROOT = Path(__file__).parent.parent
CELLS, LAST = 1000, 100
REST_S = 3
FILE = "{connection_file}"


def processes(pid):
    """A kernel and all programs that it has started."""
    try:
        lists = [f.read_text() for f in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [pid] + [one for word in " ".join(lists).split() for one in processes(int(word))]


def processor_ms(pid):
    """Milliseconds of processor time, those of ended processes included."""
    total = 0
    for one in processes(pid):
        fields = re.sub(r"^.*\) ", "", Path(f"/proc/{one}/stat").read_text()).split()
        total += sum(map(int, fields[11:15]))
    return 1000 * total / os.sysconf("SC_CLK_TCK")


def memory_mb(pid, key):
    """Rss: what each process sees; Pss: with pages that are shared counted once."""
    texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in processes(pid)]
    return sum(int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1]) for text in texts) / 1024


class Kernel:
    def __init__(self, argv):
        self.folder = tempfile.TemporaryDirectory()
        path, _ = write_connection_file(str(Path(self.folder.name) / "connection.json"))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [path if word == FILE else word for word in argv],
            cwd=ROOT / "notebooks",
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        self.client = BlockingKernelClient(connection_file=path)
        self.client.load_connection_file()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code):
        reply = self.client.execute(code, reply=True, timeout=60)["content"]
        if reply["status"] != "ok":
            sys.exit(f"{code}: {reply['evalue']}")

    def seconds(self):
        return time.perf_counter() - self.begun

    def end(self):
        self.client.stop_channels()
        os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.folder.cleanup()


def start(argv, imports):
    kernel = Kernel(argv)
    kernel.run("1 + 1")
    found = {"first": 1000 * kernel.seconds(), "time": processor_ms(kernel.pid)}
    if imports:
        begun = time.perf_counter()
        kernel.run(imports)
        found["both"] = found["first"] + 1000 * (time.perf_counter() - begun)
    kernel.end()
    return found


def memory(argv):
    """Of a kernel that is ready and waits, and of one that has run a cell and waits."""
    kernel = Kernel(argv)
    found = []
    for code in (None, "1 + 1"):
        if code:
            kernel.run(code)
        time.sleep(REST_S)
        found.append({key: memory_mb(kernel.pid, key) for key in ("Rss", "Pss")})
    kernel.end()
    return found


def long_session(argv, declare):
    kernel = Kernel(argv)
    at = {}
    for i in range(1, CELLS + 1):
        kernel.run(declare.format(i))
        if i in (LAST, 2 * LAST, CELLS - LAST, CELLS):
            at[i] = processor_ms(kernel.pid)
    found = {key: memory_mb(kernel.pid, key) for key in ("Rss", "Pss")}
    begun = time.perf_counter()
    kernel.client.complete("a1", 2, reply=True, timeout=60)
    found["complete"] = 1000 * (time.perf_counter() - begun)
    kernel.end()
    found["early"] = (at[2 * LAST] - at[LAST]) / LAST
    found["late"] = (at[CELLS] - at[CELLS - LAST]) / LAST
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--deno")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    # Otherwise the first kernel compiles a lib that has changed.
    subprocess.run(["npm", "run", "--silent", "prepare"], cwd=ROOT, check=True)
    ours = ["node", str(ROOT / "lib" / "dist" / "notebook" / "kernelMain.js"), FILE]
    python = [sys.executable, "-m", "ipykernel_launcher", "-f", FILE]
    kernels = {
        "this kernel": (ours, "let a{0} = {0};", "import 'pathlab';"),
        "ipykernel": (python, "a{0} = {0}", None),
    }
    if options.deno:
        deno = [options.deno, "jupyter", "--kernel", "--conn", FILE]
        kernels["Deno"] = (deno, "let a{0} = {0};", None)
    starts = {name: [] for name in kernels}
    for _ in range(options.runs):
        for name, (argv, _, imports) in kernels.items():
            starts[name].append(start(argv, imports))
    rows = {}
    for name, (argv, declare, _) in kernels.items():
        one = {key: statistics.median(s[key] for s in starts[name]) for key in starts[name][0]}
        many = long_session(argv, declare)
        ready, ran = memory(argv)
        rows[name] = [
            f"{one['first']:.0f} ms",
            f"{one['time']:.0f} ms",
            f"{one['both']:.0f} ms" if "both" in one else "",
            f"{ready['Pss']:.0f} MB ({ready['Rss']:.0f})",
            f"{ran['Pss']:.0f} MB ({ran['Rss']:.0f})",
            f"{many['early']:.1f} ms",
            f"{many['late']:.1f} ms",
            f"{many['Pss']:.0f} MB ({many['Rss']:.0f})",
            f"{many['complete']:.0f} ms",
        ]
    labels = [
        "start to first result",
        "processor time of that",
        "start, and `import 'pathlab'`",
        "memory after the start (RSS)",
        "memory after a first cell",
        f"processor time of a small cell, from cell {LAST}",
        f"the same, up to cell {CELLS}",
        f"memory at cell {CELLS} (RSS)",
        "a completion there",
    ]
    print("|  |", " | ".join(rows), "|")
    print("|---" * (len(rows) + 1) + "|")
    for i, label in enumerate(labels):
        print(f"| {label} |", " | ".join(row[i] for row in rows.values()), "|")


main()
