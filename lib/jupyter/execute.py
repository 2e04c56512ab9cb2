"""Carries out one notebook in its kernel and writes it back with its outputs.

    python execute.py SOURCE TARGET

Starts the kernel, has it load the packages that the notebook imports, and waits for a line on
standard input before the first cell, so that kernels can be started ahead of their turn. Where
that ends without a line, nothing is carried out or written.

Tells what happens as JSON, one object a line, on standard output: `cell` when one begins,
`progress` as a bar moves, `closing` behind the last cell, and last `done` or `failed`. A cell counts as carried out only if the
kernel answered its request with status `ok` and sent no `error` output, which a kernel may do
after the answer for what a cell left running.
"""
import asyncio
import contextlib
import errno
import json
import os
import re
import signal
import sys
from pathlib import Path

# What jsonschema checks addresses with: none is checked here, and to load it takes 0.8 s.
sys.modules["rfc3987_syntax"] = None

import nbformat
import psutil
from nbclient import NotebookClient

PACKAGE = re.compile(r"""^import\b[^;]*?['"]([^'".:][^'":]*)['"];""", re.MULTILINE)
PROGRESS = "application/vnd.pathlab.progress+json"


class NotAsked(Exception):
    """Nobody wants the cells any more."""


class CellFailed(Exception):
    """A cell that was not carried out, and why."""


def tell(kind: str, **what):
    print(json.dumps({"kind": kind, **what}), flush=True)


class Runner(NotebookClient):
    """nbclient, which forwards bars and takes nothing but `ok` for success."""

    replied: set
    begun = False
    peak = 0

    async def async_execute_cell(self, cell, cell_index, **options):
        if cell_index == 0:
            self.load_packages()
            await asked()
            self.begun = True
            self.send_ahead()
        if cell.cell_type == "code":
            code = [c for c in self.nb.cells if c.cell_type == "code"]
            number = code.index(cell) + 1
            tell("cell", id=cell.get("id"), number=number, cells=len(code), source=cell.source)
        self.measure()
        executed = await super().async_execute_cell(cell, cell_index, **options)
        if cell_index == len(self.nb.cells) - 1:
            tell("closing")
        return executed

    def load_packages(self):
        code = "\n".join(c.source for c in self.nb.cells if c.cell_type == "code")
        imports = [f"import '{name}';" for name in sorted(set(PACKAGE.findall(code)))]
        self.kc.execute("\n".join(imports), silent=True, store_history=False, stop_on_error=False)

    def send_ahead(self):
        """Sends all cells at once, as JupyterLab does: the kernel compiles them while others run."""
        cells = [c for c in self.nb.cells if c.cell_type == "code" and c.source.strip()]
        wanted = [c for c in cells if self.skip_cells_with_tag not in c.metadata.get("tags", [])]
        requests = iter([self.kc.execute(c.source) for c in wanted])
        self.kc.execute = lambda _source, **_options: next(requests)

    def process_message(self, msg, cell, cell_index):
        data = msg["content"].get("data", {})
        if isinstance(data, dict) and PROGRESS in data:
            tell("progress", **data.pop(PROGRESS))
            self.measure()
        return super().process_message(msg, cell, cell_index)

    async def _check_raise_for_error(self, cell, cell_index, exec_reply):
        content = (exec_reply or {}).get("content", {})
        status = content.get("status", "no answer")
        errors = [o for o in cell.outputs if o.output_type == "error"]
        if status != "ok" or errors:
            raise CellFailed(reason(status, content, errors))
        self.replied.add(cell_index)

    def measure(self):
        """Keeps the largest memory that the kernel and its children had at once, in bytes."""
        try:
            root = psutil.Process(self.km.provisioner.pid)
            processes = [root, *root.children(recursive=True)]
            self.peak = max(self.peak, sum(p.memory_info().rss for p in processes))
        except (psutil.Error, AttributeError):
            pass


def reason(status, content, errors) -> str:
    traceback = content.get("traceback") or (errors[0].traceback if errors else [])
    if traceback:
        return "\n".join(traceback)
    return f"the kernel answered '{status}', so the cell did not run to its end"


async def asked():
    said = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, said.set)
    await said.wait()
    loop.remove_reader(sys.stdin)
    if not sys.stdin.readline():
        raise NotAsked


async def watch(runner: Runner):
    while True:
        runner.measure()
        await asyncio.sleep(0.5)


async def execute(runner: Runner):
    watcher = asyncio.create_task(watch(runner))
    try:
        await runner.async_execute()
    finally:
        watcher.cancel()


def flush(descriptor: int):
    """Waits until it is on the disk; where its file system has no such thing, it is not told."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise


def write(notebook, target: Path) -> str | None:
    """Writes the whole notebook or nothing, as writeAtomically in lib/files.ts; why not, where it cannot."""
    temporary = target.with_name(f"{target.name}.pathlab-{os.getpid()}.tmp")
    try:
        # Half a surrogate pair, which UTF-8 cannot hold, becomes JSON's escape of it.
        with temporary.open("w", encoding="utf-8", errors="backslashreplace") as file:
            nbformat.write(notebook, file)
            file.flush()
            flush(file.fileno())
        temporary.rename(target)
        with contextlib.suppress(PermissionError):
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                flush(folder)
            finally:
                os.close(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        return f"{target} cannot be written: {error.strerror}; make room or choose another folder"
    return None


def main() -> int:
    source, target = map(Path, sys.argv[1:])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    notebook = nbformat.read(source, as_version=4)
    runner = Runner(
        notebook,
        timeout=None,
        kernel_name="tslab",
        record_timing=False,
        resources={"metadata": {"path": str(source.parent)}},
    )
    runner.replied = set()
    # As Jupyter's server names it: the kernel makes its compiler ready for this notebook.
    os.environ["JPY_SESSION_NAME"] = str(source)
    notebook.metadata["pathlab"] = {"size": os.environ.get("LAB_SIZE", "full")}
    failure = None
    try:
        asyncio.run(execute(runner))
    except KeyboardInterrupt:
        failure = "stopped by an interrupt"
    except CellFailed as error:
        failure = str(error)
    except Exception as error:  # a kernel that died, or never started
        failure = f"{type(error).__name__}: {error}"
    expected = {i for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()}
    if failure is None and expected - runner.replied:
        failure = f"cells {sorted(expected - runner.replied)} did not run"
    # From here on a stop would only lose what there is.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    if not runner.begun:
        tell("failed", reason=failure, written=False)
        return 1
    unwritten = write(notebook, target)
    problems = [problem for problem in (failure, unwritten) if problem]
    if problems:
        tell("failed", reason="\n".join(problems), written=not unwritten)
    else:
        tell("done", peakMemory=runner.peak)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
