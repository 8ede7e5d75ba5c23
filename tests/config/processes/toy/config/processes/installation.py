"""Writes the one unit of the toy site."""

import sys
from pathlib import Path

folder = Path(sys.argv[2], "etc/systemd/system")
folder.mkdir(parents=True, exist_ok=True)
(folder / "newfarmwork-app.service").write_text(f"[Service]\nWorkingDirectory={Path.cwd()}\n")
