"""Serves on a Unix socket: /healthz, /readyz, /orders (POST stores one), and at all else the release's name."""

import json
import os
import socketserver
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

RELEASE = json.loads(Path("release.json").read_text())
DATABASE = Path(os.environ["VAR_DIR"]) / "newfarmwork.sqlite3"
WHERE = sys.argv[sys.argv.index("--uds") + 1]
IS_TRIAL = "trial" in WHERE


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        is_bad = RELEASE.get("fails") == ("trial" if IS_TRIAL else "later")
        body = (
            json.dumps({"database": not is_bad, "worker": not IS_TRIAL})
            if self.path == "/readyz"
            else RELEASE["name"]
        )
        status = 503 if self.path == "/readyz" and (is_bad or IS_TRIAL) else 200
        if self.path == "/order":
            database = sqlite3.connect(DATABASE, timeout=5)
            with database:
                body = str(database.execute("INSERT INTO orders DEFAULT VALUES").lastrowid)
            database.close()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *words):
        pass

    def address_string(self):
        return "front"


if RELEASE.get("fails") == "start":
    sys.exit(1)
Path(WHERE).unlink(missing_ok=True)
socketserver.ThreadingUnixStreamServer(WHERE, App).serve_forever()
