"""Computers of one's own inside this one: namespaces on one bridge, each with its own /run, /tmp, /var/lib and /var/log.

Nothing of it is seen by the rest of this computer, and all of it is gone when the processes that hold it end. Needs root.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

TOOLS = ("ip", "mount", "nsenter", "setpriv", "unshare")
# Below 10.0.0.0/8 everything is on the bridge; visitors speak from this part of it.
VISITORS = "10.128.0.0/9"
# The last one hides where the folders themselves may lie.
OWN_FOLDERS = ("/run", "/var/lib", "/var/log", "/tmp")  # noqa: S108 - each computer's own
# As they are found in a command.
PROGRAMS = ("processes.server", "http.spool", "manage.py work", "caddyserver", "postgres")
CLONE_NEWNET = 0x40000000
SETUP = """
set -e
for name in {folders}; do mount --bind "$0$name" "$name"; done
ip link set lo up
echo ready
exec sleep infinity
"""


class CannotMake(Exception):
    """Raised when this computer cannot make others; the message names what is missing."""


class Computer:
    """One computer: programs are run in it; its disk is `root` as seen from outside."""

    def __init__(self, name: str, address: str, root: Path) -> None:
        self.name, self.address, self.root = name, address, root
        for folder in OWN_FOLDERS:
            (root / folder.lstrip("/")).mkdir(parents=True, mode=0o755)
        script = SETUP.format(folders=" ".join(OWN_FOLDERS))
        command = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            "unshare",
            "--net",
            "--mount",
            "--propagation",
            "private",
        ]
        self.holder = subprocess.Popen(
            [*command, "sh", "-c", script, str(root)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        if self.holder.stdout.readline() != "ready\n":
            raise CannotMake(f"a computer could not be made: {self.holder.stderr.read().strip()}")
        self.network = os.readlink(f"/proc/{self.holder.pid}/ns/net")

    def make_command(self, command: Sequence[str], folder: str | Path = "/") -> list[str]:
        """Return the command that runs `command` inside; it becomes that process, with the same id."""
        return [
            "nsenter", f"--target={self.holder.pid}", "--net", "--mount", "--", "env", f"--chdir={folder}", *command
        ]  # fmt: skip

    def run(self, *command: str, folder: str | Path = "/", **options) -> subprocess.CompletedProcess:
        return subprocess.run(self.make_command(command, folder), **{"check": True, "text": True} | options)

    def list_processes(self) -> list[psutil.Process]:
        """Return what runs inside, without the process that holds it."""
        found = []
        for process in psutil.process_iter():
            with suppress(OSError, psutil.Error):
                is_ours = process.pid in (self.holder.pid, os.getpid())
                if not is_ours and os.readlink(f"/proc/{process.pid}/ns/net") == self.network:
                    found.append(process)
        return found

    def kill(self) -> None:
        """End everything at once by SIGKILL, as a power cut."""
        while processes := self.list_processes():
            for process in processes:
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(processes, timeout=1)

    def cpu_seconds(self) -> float:
        """Return the user and system time of all that runs inside, ended children included."""
        total = 0.0
        for process in self.list_processes():
            with suppress(psutil.Error):
                total += sum(process.cpu_times()[:4])
        return total

    def memory_bytes(self) -> dict[str, int]:
        """Return by program the memory of what runs inside; what processes share is counted once."""
        total: dict[str, int] = {}
        for process in self.list_processes():
            with suppress(psutil.Error):
                words = " ".join(process.cmdline()[:4])
                name = next((name for name in PROGRAMS if name in words), "other")
                total[name] = total.get(name, 0) + process.memory_full_info().pss
        return total

    def unplug(self) -> None:
        self.run("ip", "link", "set", "eth0", "down")

    def plug(self) -> None:
        self.run("ip", "link", "set", "eth0", "up")

    def empty_disk(self) -> None:
        """Delete all that it has written."""
        for folder in OWN_FOLDERS:
            for path in (self.root / folder.lstrip("/")).iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def end(self) -> None:
        self.kill()
        self.holder.kill()
        self.holder.wait()


def list_missing() -> list[str]:
    """Return what is missing on this computer to make others, each in words for who runs it."""
    if os.geteuid() != 0:
        return ["root: only root may make namespaces; run it by sudo"]
    missing = [f"the program {name} (iproute2, util-linux)" for name in TOOLS if not shutil.which(name)]
    if missing:
        return missing
    for what, command in {
        "network namespaces (CONFIG_NET_NS, CAP_SYS_ADMIN)": "true",
        "own mounts in a namespace (CAP_SYS_ADMIN)": "mount -t tmpfs none /tmp",
        "bridges (CONFIG_BRIDGE, CAP_NET_ADMIN)": "ip link add br0 type bridge",
        "pairs of interfaces (CONFIG_VETH, CAP_NET_ADMIN)": "ip link add v0 type veth peer name v1",
    }.items():
        done = subprocess.run(
            ["unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            missing.append(f"{what}: {done.stderr.strip()}")
    return missing


@contextmanager
def make_computers(folder: Path, addresses: dict[str, str]) -> Iterator[dict[str, Computer]]:
    """Make one computer for each name → address, on one bridge. Raises CannotMake."""
    if missing := list_missing():
        raise CannotMake("Missing here: " + "; ".join(missing))
    with ExitStack() as stack:
        switch = Computer("switch", "", folder / "switch")
        stack.callback(switch.end)
        switch.run("ip", "link", "add", "br0", "type", "bridge")
        switch.run("ip", "link", "set", "br0", "up")
        made = {}
        for name, address in addresses.items():
            made[name] = computer = Computer(name, address, folder / name)
            stack.callback(computer.end)
            peer = ["peer", "name", "eth0", "netns", str(computer.holder.pid)]
            switch.run("ip", "link", "add", name, "type", "veth", *peer)
            switch.run("ip", "link", "set", name, "master", "br0", "up")
            computer.run("ip", "address", "add", f"{address}/8", "dev", "eth0")
            computer.run("ip", "link", "set", "eth0", "up")
        yield made


def allow_visitors(computer: Computer) -> None:
    """Let programs inside speak from any address of VISITORS."""
    computer.run("ip", "route", "add", "local", VISITORS, "dev", "lo")


@contextmanager
def network_of(computer: Computer) -> Iterator[None]:
    """Let this thread, and the threads and programs that it starts, use the network of a computer."""
    with open("/proc/thread-self/ns/net") as before, open(f"/proc/{computer.holder.pid}/ns/net") as inside:
        enter_network(inside.fileno())
        try:
            yield
        finally:
            enter_network(before.fileno())


def enter_network(descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def wait_until(is_so: Callable[[], object], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


def kill_with_children(process: psutil.Process) -> None:
    """End a process and what it started by SIGKILL, as a service manager does when the first of them died."""
    with suppress(psutil.Error):
        processes = [process, *process.children(recursive=True)]
        for member in processes:
            with suppress(psutil.Error):
                member.send_signal(signal.SIGKILL)
