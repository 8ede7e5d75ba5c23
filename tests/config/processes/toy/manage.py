"""The commands that an upgrade calls, on a database of two tables; `release.json` says what this release is like."""

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path

RELEASE = json.loads(Path("release.json").read_text())
VAR = Path(os.environ["VAR_DIR"])
DATABASE = VAR / "newfarmwork.sqlite3"


def fail(text):
    sys.exit(text)


def main(command, *words):
    database = sqlite3.connect(DATABASE)
    database.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
    database.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY)")
    had = {name for (name,) in database.execute("SELECT name FROM migrations")}
    plan = [name for name in RELEASE["migrations"] if name not in had]
    if command in ("check", "migrate") and had - set(RELEASE["migrations"]):
        fail("The database was written by a newer release")
    if command == "check" and RELEASE.get("fails") == "check":
        fail("a setting is wrong")
    if command == "migrate" and "--plan" in words:
        print("Planned operations:", *plan, sep="\n")
    elif command == "migrate":
        for name in plan:
            if RELEASE.get("fails") == "migrate" and name == plan[-1]:
                fail("a row does not fit")
            with database:
                database.execute("INSERT INTO migrations VALUES (?)", [name])
    elif command == "backup" and words[0] == "--new-key":
        Path(words[1]).write_text("key")
    elif command == "backup":
        assert not plan, "a copy is made by the code of the database"
        Path(words[2]).write_text(f"{Path(words[1]).read_text()} {sorted(had)}")
    elif command == "prepare":
        started = VAR / "others"
        print(started.read_text() if started.exists() else RELEASE.get("others", ""))
    elif command == "collectstatic":
        (VAR / "static").write_text(RELEASE["name"])
    elif command == "database_file" and words[0] == "save":
        target = sqlite3.connect(words[1])
        database.backup(target)
        target.close()
    elif command == "database_file":
        database.close()
        shutil.copy(words[1], DATABASE)
    return 0


if __name__ == "__main__":
    main(*sys.argv[1:])
