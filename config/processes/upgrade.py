"""`make upgrade`: bring an installed site to the code of this folder, or leave it as it was.

    cd /opt/newfarmwork && git pull && sudo make upgrade

The new code is copied and checked, and the site copied, while the site is in use. Only if the database changes, the app is
stopped, its database saved, migrated, and a trial process of the new code asked, before anybody else reaches it; the front
server keeps the requests of those seconds. Then the units are those of the new code. If a step fails, the site goes back:
code, environment, and the saved database.

After each step its name is in VAR_DIR/upgrade.json. After a power failure `make upgrade` goes on from there, or back if it was
going back; where the app was not yet stopped, or the new release serves already, it begins anew.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.processes import installation, releases, units
from config.processes.computer import Computer, Failed, Systemd, find_code, get_last_lines, hold_lock

STATE_FILE = "upgrade.json"
COPIES_KEPT = 3
# Seconds for the trial process and for the whole site to answer that they are ready.
PATIENCE = 90
# Seconds after which programs that did not end at once are taken to run, where there is no app to ask.
SETTLES = 3
TRIAL_SOCKET = "trial.sock"


@dataclass
class State:
    """The content of upgrade.json. `step` is the last one that is complete; `names` of releases, not paths: the file is in a
    folder of the site's user, whom root does not believe."""

    name: str
    step: str = "begun"
    is_going_back: bool = False
    # From now on people may have used the new release.
    is_opened: bool = False
    migrations: list[str] = field(default_factory=list)
    problem: str = ""


class Upgrade:
    """The steps, in order; each may be taken again after it was cut."""

    def __init__(self, computer: Computer, source: Path) -> None:
        self.computer, self.source = computer, source
        self.var_dir = computer.get_var_dir()
        self.folder = self.var_dir / "upgrades"
        site = installation.read_earlier(computer.root)
        self.has_app, self.has_database = "app" in site.programs, not site.nodes
        # Of several computers one makes the copy, which is of the whole site.
        self.is_alone = self.has_app and not site.is_node
        self.steps: dict[str, Callable[[], None]] = {
            "checked": self.check,
            "copied": self.copy,
            "collected": self.collect,
            "stopped": self.stop,
            "saved": self.save,
            "migrated": self.migrate,
            "tried": self.try_out,
            "switched": self.switch,
            "ready": self.wait_until_ready,
        }
        self.state = State("")
        self.is_resumed = False
        self.is_migrating = False  # in this process: nothing else has written since the database was saved

    # --- the state ---

    def read_state(self) -> State | None:
        """Return the upgrade that has not ended, if any."""
        try:
            found = State(**json.loads((self.var_dir / STATE_FILE).read_text()))
            is_ours = releases.NAME.fullmatch(found.name) and self.get_backup_of_units(found.name).is_dir()
        except (FileNotFoundError, ValueError, TypeError):
            return None
        if not is_ours:
            return None
        return found if found.step not in ("done", "back") else None

    def write_state(self) -> None:
        """Write it whole or not at all; a link that somebody made in its place is replaced, not followed."""
        text = json.dumps(asdict(self.state), indent=1) + "\n"
        descriptor, draft = tempfile.mkstemp(dir=self.var_dir)
        owner = self.var_dir.stat()
        with open(descriptor, "w") as file:
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.var_dir / STATE_FILE)
        folder = os.open(self.var_dir, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def note(self, step: str) -> None:
        self.state.step = step
        self.write_state()

    def has_passed(self, step: str) -> bool:
        order = ["begun", *self.steps]
        return self.state.step in order and order.index(self.state.step) >= order.index(step)

    @property
    def release(self) -> Path:
        return self.computer.library / "releases" / self.state.name

    @property
    def earlier(self) -> Path:
        """The code from which the site served before."""
        return find_code(self.get_backup_of_units(self.state.name))

    def get_backup_of_units(self, name: str) -> Path:
        return self.computer.library / "before" / name

    @property
    def saved_database(self) -> Path:
        return self.folder / f"{self.state.name}.database"

    # --- running it ---

    def run(self) -> int:
        """Go on with an upgrade that was cut, else begin one; return the exit status."""
        self.state = self.read_state() or self.state
        # Once the new release serves, another attempt is an upgrade from it, with the code of now.
        is_under_way = self.has_passed("stopped") and not self.has_passed("switched")
        if self.state.is_going_back or is_under_way:
            self.is_resumed = True
            print(f"The upgrade {self.state.name} was cut after “{self.state.step}”; going on with it.")
            if self.state.step in ("stopped", "saved"):
                self.state.step = "collected"  # the computer may have started the programs since
        else:
            self.begin()
        if self.state.is_going_back:
            return self.go_back()
        try:
            self.take_steps()
        except Failed as error:
            self.state.problem = str(error)
            print(f"\n{error}\n")
            if not (self.state.is_opened and self.state.migrations):
                return self.go_back()
            # People may have used the new release: what they did is worth more than the earlier one.
            self.write_state()
            print("The new release serves, and its database stays. Mend that, then: sudo make upgrade")
            print("Back to the earlier release, without what was written since: sudo make upgrade BACK=1")
            return 1
        self.finish("done")
        print(f"\nThe site runs on the release {self.state.name}.")
        return 0

    def begin(self) -> None:
        """Copy the code and the present units. Raises Failed."""
        print("Copying the code and installing what it needs…", flush=True)
        if not self.computer.place(units.CHOICES_FILE).exists():
            raise Failed("An earlier release installed the site; once more, then: sudo HOST=… make install")
        try:
            release = releases.stage(self.source, self.computer.library)
        except releases.CannotStage as error:
            raise Failed(str(error)) from error
        self.state = State(release.name)
        backup = self.get_backup_of_units(release.name)
        shutil.rmtree(backup, ignore_errors=True)
        backup.mkdir(parents=True)
        for path in self.list_own_files():
            shutil.copy2(path, backup / path.name)
        self.write_state()

    def list_own_files(self) -> list[Path]:
        names = [f"{units.UNITS}/{name}" for name in units.UNIT_NAMES]
        found = map(self.computer.place, [*names, units.COMMAND, units.CHOICES_FILE])
        return [path for path in found if path.exists()]

    def take_steps(self) -> None:
        for step, take in self.steps.items():
            if not self.has_passed(step):
                print(f"{step}… ", end="", flush=True)
                begun = time.monotonic()
                take()
                self.note(step)
                print(f"{time.monotonic() - begun:.1f} s", flush=True)

    def finish(self, step: str) -> None:
        self.note(step)
        serving = self.computer.find_serving()
        releases.drop_old(self.computer.library, keep=[serving])
        for path in sorted(self.get_backup_of_units("").iterdir())[:-COPIES_KEPT]:
            shutil.rmtree(path)
        old = []
        for ending in ("copy", "database"):
            for folder in {self.folder, self.get_copies_folder()}:
                old += sorted(folder.glob(f"[0-9]*.{ending}"))[:-COPIES_KEPT]
        # As the site's user, to whom the folder belongs: it may have been replaced by a link.
        delete = "import os, sys; [os.unlink(path) for path in sys.argv[1:]]"
        self.computer.start_process(serving, "-c", delete, *map(str, old)).wait()

    # --- the steps ---

    def check(self) -> None:
        """Let the new code look at the settings and at the database; nothing is changed."""
        if not self.has_database:
            self.computer.manage(self.release, "check")
            return
        self.computer.manage(self.release, "check", "--deploy", "--database", "default", shows_warnings=True)
        self.state.migrations = self.list_pending()
        if self.state.migrations:
            self.refuse_others("sudo make upgrade")

    def refuse_others(self, then: str) -> None:
        """Raise Failed while other computers use the database, which changes under them."""
        printed = self.computer.manage(self.release, "prepare", "--list-others")
        if others := [line for line in printed.splitlines() if line]:
            raise Failed(
                f"The database changes, and other computers use it: {', '.join(others)}. Stop the site on them first, with"
                f" sudo systemctl stop newfarmwork.target 'newfarmwork-*', then: {then}"
            )

    def list_pending(self) -> list[str]:
        """Return the migrations of the new code that the database has not had."""
        plan = self.computer.manage(self.release, "migrate", "--plan")
        return re.findall(r"^(\w+\.\w+)$", plan, re.MULTILINE)

    def get_copies_folder(self) -> Path:
        settings = self.computer.read_settings()
        return Path(settings["BACKUP_DIR"], "upgrades") if settings.get("BACKUP_DIR") else self.folder

    def copy(self) -> None:
        """Let the earlier code make a copy of the whole site, while it is in use."""
        is_asked = os.environ.get("COPY") != "0"
        if not is_asked or not (self.is_alone or self.state.migrations):
            print("none… " if is_asked else "none, as COPY=0 asks… ", end="")
            return self.make_folder(self.folder)
        folder, settings = self.get_copies_folder(), self.computer.read_settings()
        self.make_folder(self.folder)
        self.make_folder(folder)
        key = settings.get("BACKUP_KEY_FILE") or str(self.folder / "copies.key")
        if not settings.get("BACKUP_KEY_FILE") and not Path(key).exists():
            self.computer.manage(self.earlier, "backup", "--new-key", key)
        path = folder / f"{self.state.name}.copy"
        if not path.exists():  # complete, from before the cut
            self.computer.manage(self.earlier, "backup", "--key-file", key, str(path))
        return None

    def make_folder(self, folder: Path) -> None:
        make = "import os, sys; os.makedirs(sys.argv[1], mode=0o700, exist_ok=True)"
        if self.computer.start_process(self.release, "-c", make, str(folder)).wait():
            raise Failed(f"The site's user cannot make {folder}.")

    def collect(self) -> None:
        """Add the new styles and scripts to the earlier ones, which open pages still load."""
        self.computer.manage(self.release, "collectstatic", "--noinput", "-v0")
        if self.has_database:
            self.computer.manage(self.release, "createcachetable")

    def stop(self) -> None:
        if self.state.migrations:
            self.computer.services.stop()

    def save(self) -> None:
        """Save the database, unless the step that was cut had changed it already: then the programs have not run since, and
        what was saved is the last that they wrote."""
        is_kept = self.is_resumed and self.saved_database.exists() and self.is_database_changed()
        if self.state.migrations and not is_kept:
            self.computer.manage(self.release, "database_file", "save", str(self.saved_database))

    def migrate(self) -> None:
        if self.state.migrations:
            # One may have been started while the copy was made.
            self.refuse_others("sudo make upgrade")
            self.is_migrating = True
            self.computer.manage(self.release, "migrate", "--noinput", "-v0")

    def try_out(self) -> None:
        """Ask a process of the new code, which nobody else reaches, whether it works."""
        if not self.has_app:
            return
        with tempfile.TemporaryDirectory(prefix="nf-") as folder, tempfile.TemporaryFile("w+") as errors:
            os.chmod(folder, 0o711)
            inner = Path(folder, "in")
            self.make_folder_for_socket(inner)
            where = str(inner / TRIAL_SOCKET)
            words = ["-m", "config.processes.server", "--interface", "wsgi", "--uds", where, "--workers", "1"]
            words += ["--blocking-threads", "2", "--no-ws", "--log-level", "error", "config.wsgi:application"]
            process = self.computer.start_process(
                self.release, *words, stdout=subprocess.DEVNULL, stderr=errors
            )
            try:
                self.ask_trial(where, process)
            except Failed as error:
                errors.seek(0)
                raise Failed(f"{error}\n{get_last_lines(errors.read())}") from error
            finally:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def ask_trial(self, where: str, process: subprocess.Popen) -> None:
        """Raise Failed unless the trial process is well; the worker, which is stopped, is not its affair."""
        self.wait_for_answer("/healthz", where, process)
        _status, text = self.computer.ask("/readyz", where)
        parts = json.loads(text) if text.startswith("{") else {}
        bad = [name for name, is_good in parts.items() if not is_good and name != "worker"]
        status, _text = self.computer.ask("/", where)
        if not parts or bad or status != 200:
            which = ", ".join(bad) or f"the home page answers {status}"
            raise Failed(f"The new release does not work on this computer: {which}.")

    def make_folder_for_socket(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0 and self.computer.as_user:
            shutil.chown(folder, units.USER, units.GROUP)

    def wait_for_answer(self, path: str, where: str, process: subprocess.Popen | None = None) -> str:
        """Return the body of the first 200. Raises Failed."""
        end, text = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            status, text = self.computer.ask(path, where)
            if status == 200:
                return text
            if process and process.poll() is not None:
                raise Failed("The new release does not start.")
            time.sleep(0.2)
        raise Failed(f"{path} is not well after {PATIENCE} s: {text[:300] or 'no answer'}")

    def switch(self) -> None:
        """Write the units of the new code and start them."""
        self.state.is_opened = True
        self.write_state()
        if installation.write_for(self.release, self.computer.root):
            self.state.is_opened = False
            raise Failed("The new release could not write its units.")
        self.computer.services.start()

    def wait_until_ready(self) -> None:
        if self.has_database:
            self.computer.manage(self.release, "plant_kinds")
        self.wait_for_site()

    def wait_for_site(self) -> None:
        """Wait for the app; where there is none, look whether the programs have stayed. Raises Failed."""
        if self.has_app:
            self.wait_for_answer("/readyz", self.computer.socket)
            return
        time.sleep(SETTLES)
        if not self.computer.services.is_running():
            raise Failed("The new release does not run; look with: sudo journalctl -u 'newfarmwork-*'")

    # --- back ---

    def take_back(self) -> int:
        """Go back from an upgrade that has not ended, whatever was written since; return the exit status."""
        unfinished = self.read_state()
        if unfinished is None:
            print("No upgrade is under way that could be taken back.")
            return 1
        self.state = unfinished
        return self.go_back()

    def go_back(self) -> int:
        """Bring back code, environment and database; return the exit status."""
        reached = self.state.step
        if not self.state.is_going_back:
            self.state.is_going_back = True
            self.write_state()
        print(f"Going back to {self.earlier}…", flush=True)
        try:
            if self.saved_database.exists() and self.is_database_changed():
                # What people do on them meanwhile would be lost.
                self.refuse_others("sudo make upgrade")
                self.computer.services.stop()
                self.computer.manage(self.release, "database_file", "load", str(self.saved_database))
            if self.has_passed("copied"):
                self.computer.manage(self.earlier, "collectstatic", "--noinput", "-v0")
            self.restore_units()
            if self.has_passed("collected"):
                self.computer.services.start()
                self.wait_for_site()
        except Failed as error:
            print(
                f"{error}\n\nThe way back failed after “{reached}”. Mend that, then: sudo make upgrade, which goes on back."
            )
            return 2
        self.finish("back")
        print("The site is as it was before the upgrade.")
        return 1

    def is_database_changed(self) -> bool:
        """Return whether migrations of the new code are in the database; the database itself says so, also after a cut."""
        if not self.state.migrations:
            return False
        try:
            return self.is_migrating or self.list_pending() != self.state.migrations
        except Failed:  # a load that was cut left tables out
            return True

    def restore_units(self) -> None:
        """Put each file back whole."""
        backup = self.get_backup_of_units(self.state.name)
        for name in [
            *(f"{units.UNITS}/{name}" for name in units.UNIT_NAMES),
            units.COMMAND,
            units.CHOICES_FILE,
        ]:
            path, kept = self.computer.place(name), backup / Path(name).name
            if not kept.exists():
                path.unlink(missing_ok=True)
                continue
            draft = path.with_name(f".{path.name}.draft")
            shutil.copy2(kept, draft)
            os.replace(draft, path)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make upgrade", description="Brings the installed site to this code."
    )
    parser.add_argument("--back", action="store_true", help="back to the release before the last upgrade")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("Run it as root: sudo make upgrade")
        return 1
    if not Path("/run/systemd/system").exists():
        print("systemd does not run here; nothing was changed.")
        return 1
    os.umask(0o022)
    try:
        upgrade = Upgrade(Computer(Systemd()), units.BASE)
        with hold_lock(releases.LIBRARY):
            return upgrade.take_back() if options.back else upgrade.run()
    except Failed as error:
        print(f"{error}\nNothing was changed.")
        return 1


if __name__ == "__main__":
    sys.exit(main())
