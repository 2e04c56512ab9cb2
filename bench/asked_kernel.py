"""A kernel in a process of its own, and what it may be asked: each gives whether the answer is right."""

import os
import queue
import re
import signal
import subprocess
import tempfile
import time

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

LATE_SECONDS = 0.5


class Kernel:
    """A kernel, and what its cells say."""

    def __init__(self, name, argv, interrupts):
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
