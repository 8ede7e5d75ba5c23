"""Keep the processes of `make run` running: one that dies is started again, Ctrl-C ends them all.

    python -m config.processes.supervisor FILE

FILE is JSON: {"folder": deleted at the end, "programs": [{"name", "command", "socket"}]}. It is a separate process without
Django, because it lives as long as the site on a computer with little memory.
"""

from __future__ import annotations

import ctypes
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# A process that lives for so many seconds has started successfully.
STANDS_AFTER = 20
# One that has never started successfully and ends so often is given up: its settings are wrong, and more tries would hide
# the reason.
TRIES = 5
# Seconds until the next start after the first, second, … quick end in a row.
PAUSES = (0, 1, 2, 5, 10, 30)
# Seconds from SIGTERM to SIGKILL. The worker releases a film within ten seconds.
GRACE = 15
LEFTOVER_GRACE = 5
LINES_KEPT = 30
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    # A socket left by a killed process would keep the next one from listening.
    socket: str = ""


@dataclass
class Child:
    """One program and the process that runs it now, if any."""

    program: Program
    process: subprocess.Popen | None = None
    started: float = 0.0
    due: float = 0.0
    quick_ends: int = 0
    failed_starts: int = 0
    has_stood: bool = False
    partial: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))


class Supervisor:
    def __init__(self, programs: Iterable[Program]) -> None:
        self.children = [Child(program) for program in programs]
        self.selector = selectors.DefaultSelector()
        self.leftovers: dict[int, float] = {}  # process group → when it is killed
        self.stopping: float | None = None  # when SIGKILL is sent
        self.returncode = 0

    def run(self) -> int:
        """Run until Ctrl-C, SIGTERM or a program that cannot start; return the exit status."""
        self.catch_signals()
        while self.stopping is None or any(child.process for child in self.children) or self.leftovers:
            for child in self.children:
                if self.stopping is None and child.process is None and time.monotonic() >= child.due:
                    self.start(child)
            for key, _events in self.selector.select(self.seconds_to_next()):
                key.data(key.fileobj)
            for child in self.children:
                if child.process and child.process.poll() is not None:
                    self.bury(child)
            self.kill_what_is_late()
        return self.returncode

    def seconds_to_next(self) -> float:
        moments = [child.due for child in self.children if child.process is None and self.stopping is None]
        moments += [self.stopping] if self.stopping is not None else []
        longest = 0.2 if self.leftovers else 60.0
        return min([max(0.0, moment - time.monotonic()) for moment in moments] + [longest])

    # --- one process ---

    def start(self, child: Child) -> None:
        """Start a program; a failure to start it (too little memory, a program being replaced) is tried again for ever."""
        program = child.program
        try:
            if program.socket:
                Path(program.socket).unlink(missing_ok=True)
            child.process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=follow_parent(os.getpid()),
            )
        except (OSError, subprocess.SubprocessError) as error:
            child.failed_starts += 1
            self.put_off(child, child.failed_starts, f"could not be started ({error})")
            return
        child.started, child.failed_starts = time.monotonic(), 0
        output = child.process.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)
        self.selector.register(output, selectors.EVENT_READ, lambda pipe: self.read(child, pipe))

    def read(self, child: Child, pipe) -> None:
        """Print the available output line by line, each after the program's name."""
        while True:
            try:
                found = os.read(pipe.fileno(), 65536)
            except BlockingIOError:
                return
            if not found:
                self.let_go(child, pipe)
                return
            *lines, child.partial = (child.partial + found).split(b"\n")
            for line in lines:
                self.pass_on(child, line)

    def pass_on(self, child: Child, line: bytes) -> None:
        text = line.decode(errors="replace")
        child.last_lines.append(text)
        print_line(child.program.name, text)

    def let_go(self, child: Child, pipe) -> None:
        if child.partial:
            self.pass_on(child, child.partial)
            child.partial = b""
        with suppress(KeyError, ValueError):
            self.selector.unregister(pipe)
        pipe.close()

    def bury(self, child: Child) -> None:
        """Report how it ended, end what it left running, and decide when it starts again."""
        process = child.process
        assert process is not None
        assert process.stdout is not None
        if not process.stdout.closed:
            self.read(child, process.stdout)
        if not process.stdout.closed:  # held open by processes it left running
            self.let_go(child, process.stdout)
        child.process = None
        if signal_group(process.pid, signal.SIGTERM):
            self.leftovers[process.pid] = time.monotonic() + LEFTOVER_GRACE
        if self.stopping is not None:
            return
        if time.monotonic() - child.started >= STANDS_AFTER:
            child.has_stood, child.quick_ends = True, 0
        ending = describe_end(process.returncode)
        child.quick_ends += 1
        # A process killed for lack of memory has no wrong settings: the rest of the site continues.
        if not child.has_stood and child.quick_ends >= TRIES and process.returncode != -signal.SIGKILL:
            self.give_up(child, ending)
            return
        self.put_off(child, child.quick_ends, ending)

    def put_off(self, child: Child, failures: int, ending: str) -> None:
        """Schedule the next start, later after each failure in a row."""
        pause = PAUSES[min(failures, len(PAUSES)) - 1]
        child.due = time.monotonic() + pause
        print_line(child.program.name, f"{ending}; it is started again{f' in {pause} s' if pause else ''}")

    def give_up(self, child: Child, ending: str) -> None:
        name = child.program.name
        print_line("", f"\n{name} {ending} for the {TRIES}th time right after its start. Its last lines:\n")
        for line in child.last_lines:
            print_line("", f"    {line}")
        print_line("", "\nEverything is stopped; mend that and start again.")
        self.returncode = 1
        self.stop()

    # --- all of them ---

    def catch_signals(self) -> None:
        """Let signals end the wait in select, so that a dead child is noticed at once."""
        ear, mouth = socket.socketpair()
        ear.setblocking(False)
        mouth.setblocking(False)
        signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        self.mouth = mouth
        self.selector.register(ear, selectors.EVENT_READ, lambda ear: ear.recv(4096))
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup the site continues without its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda number, frame: self.stop())

    def stop(self) -> None:
        """Send SIGTERM the first time, SIGKILL the second time."""
        first, now = self.stopping is None, time.monotonic()
        self.stopping = now + GRACE if first else now
        for child in self.children:
            if first and child.process and child.process.poll() is None:
                child.process.terminate()

    def kill_what_is_late(self) -> None:
        now = time.monotonic()
        for group, late in list(self.leftovers.items()):
            number = signal.SIGKILL if now >= late else 0
            if not signal_group(group, number) or number:
                del self.leftovers[group]
        if self.stopping is not None and now >= self.stopping:
            for child in self.children:
                if child.process:
                    signal_group(child.process.pid, signal.SIGKILL)
            self.stopping = now + 1


def follow_parent(parent: int):
    """Let the child, before it becomes the program, be ended when the supervisor is killed (Linux)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def follow() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def signal_group(group: int, number: int) -> bool:
    """Send a signal; return whether any process is left in the group."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def describe_end(status: int) -> str:
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def print_line(name: str, text: str) -> None:
    with suppress(OSError):  # the terminal is gone; the site continues
        print(f"{name:6} | {text}" if name else text, flush=True)


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text())
    try:
        return Supervisor(Program(**program) for program in plan["programs"]).run()
    finally:
        shutil.rmtree(plan["folder"], ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
