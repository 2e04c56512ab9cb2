"""What kernels do with the same cells, as a table in Markdown: this one, stock tslab, Deno, ipykernel.

    .venv/bin/python bench/kernel_features.py [DENO]

DENO is the program of the npm package `deno`; without it Deno's column is left out. A feature is a
few cells and what their outputs must hold; each runs in a kernel of its own.
"""

import sys
from pathlib import Path

from asked_kernel import (
    Kernel,
    cells,
    children_end,
    completes,
    completes_while_running,
    inspects,
    interrupted,
)

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
    kernel = Kernel(name, *SPECS[name])
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
