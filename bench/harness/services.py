"""Run the installed programs of a computer by what their units say, as systemd does."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from bench.harness.computers import Computer, kill_with_children

ENDS_WITHIN = 90  # s, where a unit does not say it


def read_settings(path: Path) -> dict[str, str]:
    """Return what a file of EnvironmentFile= says."""
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {
        name: " ".join(shlex.split(value)) for name, _is, value in (line.partition("=") for line in lines)
    }


class Service:
    """One unit on a computer: started, started again when it ends (Restart=always), stopped, killed."""

    def __init__(self, computer: Computer, unit: Path, files: Path) -> None:
        self.computer, self.files = computer, files
        self.lines = [line.partition("=")[::2] for line in unit.read_text().splitlines() if "=" in line]
        self.process: subprocess.Popen | None = None
        self.wanted = False
        self.lock = threading.Lock()

    def read(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def make_environment(self, more: Mapping[str, str]) -> dict[str, str]:
        env = {"PATH": os.environ["PATH"]}
        for path in self.read("EnvironmentFile"):
            env |= read_settings(self.files / path.lstrip("/"))
        for line in self.read("Environment"):
            env |= dict(pair.partition("=")[::2] for pair in shlex.split(line))
        return env | dict(more)

    def make_command(self, line: str) -> list[str]:
        [folder] = self.read("WorkingDirectory")
        return self.computer.make_command(shlex.split(line.lstrip("-+")), folder)

    def make_folders(self) -> None:
        for key, parent in {
            "RuntimeDirectory": "run",
            "StateDirectory": "var/lib",
            "LogsDirectory": "var/log",
        }.items():
            for name in self.read(key):
                (self.computer.root / parent / name).mkdir(parents=True, exist_ok=True)

    def run_to_end(self, **more: str) -> None:
        """Run a unit of Type=oneshot. Raises subprocess.CalledProcessError."""
        self.make_folders()
        for line in self.read("ExecStart"):
            command = self.make_command(line)
            subprocess.run(command, env=self.make_environment(more), check=True, stdout=subprocess.DEVNULL)

    def start(self, **more: str) -> None:
        self.wanted, self.more = True, more
        self.start_process()
        threading.Thread(target=self.keep_running, daemon=True).start()

    def start_process(self) -> None:
        self.make_folders()
        env = self.make_environment(self.more)
        for line in self.read("ExecStartPre"):
            subprocess.run(self.make_command(line), env=env, check=False)
        [line] = self.read("ExecStart")
        with open(self.computer.root / "programs.log", "ab") as log:
            self.process = subprocess.Popen(
                self.make_command(line), env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def keep_running(self) -> None:
        [seconds] = self.read("RestartSec")
        while True:
            self.process.wait()
            if not self.wanted:
                return
            time.sleep(float(seconds))
            with self.lock:
                if not self.wanted:
                    return
                self.start_process()

    def stop(self) -> None:
        """Stop it as `systemctl stop`: what was taken is finished, and what has not ended in its time is killed."""
        with self.lock:
            self.wanted = False
        env = self.make_environment(self.more)
        for line in self.read("ExecStop"):
            subprocess.run(self.make_command(line), env=env, check=False)
        self.process.terminate()
        [seconds] = self.read("TimeoutStopSec") or [ENDS_WITHIN]
        try:
            self.process.wait(float(seconds))
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()

    def kill(self) -> None:
        """Kill it; it is started again."""
        kill_with_children(psutil.Process(self.process.pid))

    def forget(self) -> None:
        """Do not start it again: the whole computer is about to be without power."""
        with self.lock:
            self.wanted = False
