import os
import shlex
from pathlib import Path

import pytest


class Programs:
    """Programs of the system that only write down how they were called, in a folder that comes first in PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.calls_file = folder, folder / "calls"
        folder.mkdir()
        self.calls_file.touch()

    def add(self, *names: str, fails_with: str = "") -> None:
        """Let these exit with 0, or with 1 where a word of theirs is `fails_with` (* for any)."""
        calls = shlex.quote(str(self.calls_file))
        for name in names:
            path = self.folder / name
            end = f'case " $* " in *" "{fails_with}" "*) exit 1;; esac\n' if fails_with else ""
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>{calls}\n{end}')
            path.chmod(0o755)

    def list_calls(self) -> list[str]:
        """Return what was called since the last time."""
        calls = self.calls_file.read_text().splitlines()
        self.calls_file.write_text("")
        return calls


@pytest.fixture
def programs(tmp_path, monkeypatch) -> Programs:
    programs = Programs(tmp_path / "programs")
    monkeypatch.setenv("PATH", f"{programs.folder}:{os.environ['PATH']}")
    return programs
