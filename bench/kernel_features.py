"""What kernels do with the same cells, as a table in Markdown: this one, stock tslab, Deno, ipykernel.

    .venv/bin/python bench/kernel_features.py [DENO]

DENO is the program of the npm package `deno`; without it Deno's column is left out. A feature is a
few cells and what their outputs must hold; each runs in a kernel of its own.
"""

import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parent.parent
LAB = ROOT / "lib" / "dist" / "notebook" / "kernelMain.js"
TSLAB = ROOT / "node_modules" / "tslab" / "bin" / "tslab"

SPECS = {
    "this kernel": (["node", str(LAB), "{connection_file}"], "message"),
    "tslab 1.0.22": (["node", str(TSLAB), "kernel", "--config-path={connection_file}"], "message"),
}
if len(sys.argv) > 1:
    SPECS["Deno"] = ([sys.argv[1], "jupyter", "--kernel", "--conn", "{connection_file}"], "message")
SPECS["ipykernel"] = (
    [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "signal",
)

LATE_SECONDS = 0.5


class Kernel:
    """A kernel, and what its cells say."""

    def __init__(self, name):
        argv, interrupts = SPECS[name]
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(
            argv=argv, interrupt_mode=interrupts, display_name=name, language="x"
        )
        self.folder = tempfile.TemporaryDirectory()
        self.manager.start_kernel(cwd=self.folder.name, stderr=open(os.devnull, "w"))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code, seconds=30, while_running=None):
        """The outputs of a cell as text, errors among them; None when it does not end."""
        ask = self.client.execute(code)
        said = []
        ended = False
        end = time.monotonic() + seconds
        if while_running:
            while_running(self)
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != ask:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                said.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                said += [f"[{mime}] {value}" for mime, value in content["data"].items()]
            elif kind == "error":
                said.append(f"[error] {content['ename']}: {content['evalue']}")
                said += content["traceback"]
            elif kind == "status" and content["execution_state"] == "idle" and not ended:
                self.client.get_shell_msg(timeout=10)
                # Deno sends some of a cell's outputs after it.
                ended = True
                end = time.monotonic() + LATE_SECONDS
        return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(said)) if ended else None

    def answer(self, reply_type, seconds=10):
        """The reply of that type that comes next on the shell channel, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                message = self.client.get_shell_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["msg_type"] == reply_type:
                return message["content"]
        return None

    def close(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=False)
        self.folder.cleanup()


def cells(*pairs):
    """Whether each cell's output matches, one after the other."""

    def holds(kernel):
        for code, wanted in pairs:
            said = kernel.run(code)
            if said is None or not re.search(wanted, said, re.S):
                return False
        return True

    return holds


def interrupted(before, code, after, wanted):
    """A cell that would not end is stopped, and what was there before is there after it."""

    def holds(kernel):
        def stop(kernel):
            time.sleep(2)
            kernel.manager.interrupt_kernel()

        kernel.run(before)
        if kernel.run(code, 15, stop) is None:
            return False
        said = kernel.run(after)
        return said is not None and re.search(wanted, said) is not None

    return holds


def children_end(code):
    """A program that a cell has started is gone after a shutdown."""

    def holds(kernel):
        said = kernel.run(code)
        found = re.search(r"pid (\d+)", said or "")
        if not found:
            return False
        kernel.manager.shutdown_kernel(now=False)
        time.sleep(1)
        state = subprocess.run(["ps", "-o", "stat=", "-p", found[1]], capture_output=True, text=True)
        # A zombie has ended; who is to ask after it is not the kernel's business.
        if state.stdout.strip() in ("", "Z"):
            return True
        os.kill(int(found[1]), signal.SIGKILL)
        return False

    return holds


def completes_while_running(busy, code, wanted):
    def holds(kernel):
        kernel.client.execute(busy)
        time.sleep(0.5)
        kernel.client.complete(code)
        reply = kernel.answer("complete_reply", 5)
        return reply is not None and wanted in reply["matches"]

    return holds


def completes(before, code, wanted):
    def holds(kernel):
        kernel.run(before)
        kernel.client.complete(code)
        reply = kernel.answer("complete_reply")
        return reply is not None and any(match.endswith(wanted) for match in reply["matches"])

    return holds


def inspects(before, code, wanted):
    def holds(kernel):
        kernel.run(before)
        kernel.client.inspect(code)
        reply = kernel.answer("inspect_reply")
        return reply is not None and wanted in str(reply.get("data"))

    return holds


def comm_opens(code, wanted):
    """A comm that a front end opens to a target that a cell has registered."""

    def holds(kernel):
        if kernel.run(code) is None:
            return False
        message = kernel.client.session.msg(
            "comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}}
        )
        kernel.client.shell_channel.send(message)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            try:
                got = kernel.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if got["msg_type"] == "comm_msg" and wanted in str(got["content"]["data"]):
                return True
        return False

    return holds


SPAWN = (
    "import { spawn } from 'node:child_process';\n"
    "const program = spawn('sleep', ['300'], { stdio: 'ignore', detached: false });\n"
    "console.log('pid ' + program.pid);"
)
SPAWN_PY = (
    "import subprocess\nprogram = subprocess.Popen(['sleep', '300'])\nprint('pid', program.pid)"
)
# A feature, and how it is told in TypeScript and in Python; None where the language has no such thing.
FEATURES = [
    (
        "a type error stops the cell before it runs",
        cells(("console.log(6 * 7); const n: number = 'x';", r"^(?!.*42).*not assignable")),
        None,
    ),
    (
        "a function sees what a later cell assigns",
        cells(("let a = 1; const f = () => a;", ""), ("a = 2;", ""), ("console.log(f())", "2")),
        cells(("a = 1\ndef f(): return a", ""), ("a = 2", ""), ("print(f())", "2")),
    ),
    (
        "a name is declared again, with another type",
        cells(("const b = 1;", ""), ("const b = 'x';", ""), ("console.log(b.length)", "1")),
        cells(("b = 1", ""), ("b = 'x'", ""), ("print(len(b))", "1")),
    ),
    (
        "names from above a failing line are known afterwards",
        cells(("const c = 7; throw new Error('no');", "no"), ("console.log(c)", "7")),
        cells(("c = 7\nraise Exception('no')", "no"), ("print(c)", "7")),
    ),
    (
        "functions of two cells call one another",
        cells(
            ("function even(n) { return n === 0 || odd(n - 1); }\nfunction odd(n) { return !even(n); }", ""),
            ("function odd(n) { return n !== 0 && even(n - 1); }", ""),
            ("console.log(even(4), odd(4))", "true false"),
        ),
        cells(
            ("def even(n): return n == 0 or odd(n - 1)", ""),
            ("def odd(n): return n != 0 and even(n - 1)", ""),
            ("print(even(4), odd(4))", "True False"),
        ),
    ),
    (
        "`await (…)` at the top level, also within another await",
        cells(("console.log(await (async () => await (Promise.resolve(3)))())", "3")),
        cells(("async def f(): return 3\nprint(await f())", "3")),
    ),
    (
        "`using` and the decorators of the standard",
        cells(
            (
                "const log = (f, _: ClassMethodDecoratorContext) => f;\n"
                "class A { @log g() { return 1; } }\n"
                "{ using u = { [Symbol.dispose]() { console.log('disposed'); } }; }\n"
                "console.log(new A().g())",
                "disposed.*1",
            )
        ),
        None,
    ),
    (
        "a file beside the notebook is loaded anew when it was changed",
        cells(
            ("import { writeFileSync } from 'node:fs';\nwriteFileSync('h.ts', 'export const v: number = 1;')", ""),
            ("import { v } from './h.ts';\nconsole.log(v)", "1"),
            ("writeFileSync('h.ts', 'export const v: number = 22;')", ""),
            ("import { v } from './h.ts';\nconsole.log(v)", "22"),
        ),
        cells(
            ("open('h.py', 'w').write('v = 1')", ""),
            ("from h import v\nprint(v)", "1"),
            ("open('h.py', 'w').write('v = 22')", ""),
            ("from h import v\nprint(v)", "22"),
        ),
    ),
    (
        "a traceback names the cell and shows its line",
        cells(
            ("const ten = 10;\nfunction bad() {\n  throw new Error('here');\n}", ""),
            ("bad();", r"here.*(In \[1\]|cell.*:3).*throw new Error\('here'\)"),
        ),
        cells(("def bad():\n  raise Exception('here')", ""), ("bad()", r"here|raise Exception")),
    ),
    (
        "an error that nobody awaits fails its cell",
        cells(("void Promise.reject(new Error('lost'));", r"\[error\].*lost")),
        None,
    ),
    (
        "`process.exit()` leaves the variables",
        cells(("const d = 5;", ""), ("process.exit(1)", ""), ("console.log(d)", "5")),
        cells(("d = 5", ""), ("import sys; sys.exit(1)", ""), ("print(d)", "5")),
    ),
    (
        "the stop button ends a busy loop; variables stay",
        interrupted("let e = 5;", "while (true) {}", "console.log(e)", "5"),
        interrupted("e = 5", "while True: pass", "print(e)", "5"),
    ),
    (
        "the stop button ends a wait; nothing of it goes on",
        interrupted(
            "let g = 5;",
            "while (true) { await new Promise((r) => setTimeout(r, 100)); g++; }",
            "const g1 = g; await new Promise((r) => setTimeout(r, 500)); console.log(g1 >= 5 && g1 === g)",
            "true",
        ),
        interrupted(
            "import asyncio\ng = 5",
            "while True:\n  await asyncio.sleep(0.1)\n  g += 1",
            "g1 = g\nawait asyncio.sleep(0.5)\nprint(g1 >= 5 and g1 == g)",
            "True",
        ),
    ),
    ("programs that cells started end with the kernel", children_end(SPAWN), children_end(SPAWN_PY)),
    (
        "a last value is an `execute_result`",
        cells(("1 + 1", r"\[text/plain\] 2")),
        cells(("1 + 1", r"\[text/plain\] 2")),
    ),
    (
        "objects say how they are shown",
        cells(
            (
                "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>hi</b>' }) })",
                r"\[text/html\] <b>hi",
            )
        ),
        cells(("class H:\n  def _repr_html_(self): return '<b>hi</b>'\nH()", r"\[text/html\] <b>hi")),
    ),
    (
        "a promise as the last value says so",
        cells(("Promise.resolve(3)", r"(?i)promise.*3")),
        None,
    ),
    (
        "completion by type",
        completes("const point = { alpha: 1 };", "point.al", "alpha"),
        completes("class P: alpha = 1\npoint = P()", "point.al", "alpha"),
    ),
    (
        "completion while a cell runs",
        completes_while_running(
            "await new Promise((r) => setTimeout(r, 8000))", "Math.ab", "abs"
        ),
        completes_while_running("import time; time.sleep(8)", "abs", "abs"),
    ),
    (
        "documentation of a name",
        inspects("/** Adds one. */\nfunction inc(n: number) { return n + 1; }", "inc", "Adds one"),
        inspects("def inc(n):\n  '''Adds one.'''\n  return n + 1", "inc", "Adds one"),
    ),
]


def verdict(feature, name):
    _, typescript, python = feature
    holds = python if name == "ipykernel" else typescript
    if holds is None:
        return "—"
    kernel = Kernel(name)
    try:
        return "yes" if holds(kernel) else "no"
    except Exception as error:  # A kernel that dies of it has not done it.
        print(f"{name}: {feature[0]}: {error!r}", file=sys.stderr)
        return "no"
    finally:
        try:
            kernel.close()
        except Exception as error:
            print(f"{name}: closing: {error!r}", file=sys.stderr)


def main():
    names = list(SPECS)
    print("| feature |", " | ".join(names), "|")
    print("| --- |", " | ".join("---" for _ in names), "|")
    for feature in FEATURES:
        print(f"| {feature[0]} |", " | ".join(verdict(feature, name) for name in names), "|", flush=True)


main()
