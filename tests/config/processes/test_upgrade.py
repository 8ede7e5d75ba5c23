"""An upgrade of a site of toy releases (tests/config/processes/toy), with real processes, files and a database; it is cut at
its steps, and the computer starts again as its units say."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pytest

from config.processes import releases, units, upgrade
from tests.media.processes import wait_until

TOY = Path(__file__).parent / "toy"
STEPS = ("checked", "copied", "collected", "stopped", "saved", "migrated", "tried", "switched", "ready")
# Cut before a step, its predecessor is the last that is written down; after it, its work is done and nobody knows. `make prove`
# cuts everywhere.
EVERYWHERE = [(step, after) for step in STEPS for after in (False, True)]
CUTS_EVERYWHERE = os.environ.get("UPGRADE_CUTS") == "all"
CUTS = EVERYWHERE if CUTS_EVERYWHERE else [("saved", True), ("switched", False), ("ready", True)]
WITH_ORDERS = [("stopped", True), ("saved", True), ("migrated", False), ("migrated", True)]
OLD = {"name": "old", "migrations": ["shops.0001_initial"]}
NEW = {"name": "new", "migrations": ["shops.0001_initial", "shops.0002_price", "shops.0003_tax"]}


class Cut(BaseException):
    """The power fails."""


class Site:
    """An installed site below a folder; its services are processes of the code that the unit on the disk names."""

    def __init__(self, folder: Path, run_dir: str) -> None:
        self.root, self.var, self.source = folder / "root", folder / "var", folder / "clone"
        self.process: subprocess.Popen | None = None
        self.orders: list[int] = []
        self.starts = 0
        self.first = folder / "library/releases/20260101-000000"
        self.computer = upgrade.Computer(
            self, self.root, folder / "library", as_user=(), socket=f"{run_dir}/app.sock"
        )

    def install(self) -> None:
        self.var.mkdir()
        (self.root / "etc").mkdir(parents=True)
        (self.root / "etc/newfarmwork.env").write_text(f'VAR_DIR="{self.var}"\nALLOWED_HOSTS="localhost"\n')
        (self.root / "etc/newfarmwork.install.json").write_text("{}")
        self.pull(OLD)
        releases.stage(self.source, self.computer.library).rename(self.first)
        self.computer.manage(self.first, "migrate")
        self.computer.manage(self.first, "collectstatic")
        subprocess.run(
            [releases.get_python(self.first), "-m", "config.processes.installation", "--root", self.root],
            cwd=self.first,
            check=True,
        )

    def pull(self, release: dict) -> None:
        shutil.copytree(TOY, self.source, dirs_exist_ok=True)
        (self.source / "requirements.txt").write_text("")
        (self.source / "release.json").write_text(json.dumps(release))

    # --- the services of the computer ---

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def start(self) -> None:
        self.stop()
        self.starts += 1
        release = self.computer.find_serving()
        self.process = self.computer.start_process(
            release, "-m", "config.processes.server", "--uds", self.computer.socket
        )

    def boot(self) -> None:
        """Start as after a power failure: the unit's code migrates, or refuses the database, and then serves."""
        self.stop()
        try:
            self.computer.manage(self.computer.find_serving(), "migrate")
        except upgrade.Failed:
            return
        self.start()
        wait_until(lambda: self.computer.ask("/healthz", self.computer.socket)[0] == 200)

    def order(self) -> None:
        """A visitor orders, if the site is up."""
        status, body = self.computer.ask("/order", self.computer.socket)
        if status == 200:
            self.orders.append(int(body))

    def is_running(self) -> bool:
        return self.process is not None

    def choose(self, **choices: str) -> None:
        (self.root / "etc/newfarmwork.install.json").write_text(json.dumps(choices))

    # --- what there is ---

    def upgrade(self, cut: str = "", after: bool = False) -> int:
        """Run `make upgrade`; the power fails before or after the work of a step."""
        running = upgrade.Upgrade(self.computer, self.source)
        if cut:
            work = running.steps[cut]

            def take() -> None:
                if after:
                    work()
                raise Cut

            running.steps[cut] = take
        return running.run()

    @property
    def state(self) -> dict:
        return json.loads((self.var / "upgrade.json").read_text())

    def describe(self) -> tuple[str, list[str], str, list[int]]:
        """Return what serves, the database's migrations, the styles and the orders in it."""
        _status, name = self.computer.ask("/", self.computer.socket)
        database = sqlite3.connect(self.var / "newfarmwork.sqlite3")
        migrations = [name for (name,) in database.execute("SELECT name FROM migrations ORDER BY name")]
        orders = [number for (number,) in database.execute("SELECT number FROM orders ORDER BY number")]
        database.close()
        return name, migrations, (self.var / "static").read_text(), orders

    def expect(self, release: dict) -> None:
        assert self.describe() == (release["name"], release["migrations"], release["name"], self.orders)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder of a site that is installed once; the units in it name its path, so that it is always put back there."""
    folder = tmp_path_factory.mktemp("computer") / "site"
    folder.mkdir()
    Site(folder, "").install()
    folder.rename(folder.with_name("installed"))
    return folder


@pytest.fixture
def site(installed, monkeypatch):
    monkeypatch.setattr(upgrade, "PATIENCE", 10)
    shutil.copytree(installed.with_name("installed"), installed, symlinks=True)
    with tempfile.TemporaryDirectory(prefix="nf-") as run_dir:
        site = Site(installed, run_dir)
        site.boot()
        site.order()
        yield site
        site.stop()
    shutil.rmtree(installed)


def test_site_runs_on_the_new_code_with_its_copy_beside(site, capsys):
    site.pull(NEW)
    assert site.upgrade() == 0
    site.order()
    site.expect(NEW)
    name = site.computer.find_serving().name
    assert (site.state["step"], site.state["name"]) == ("done", name)
    assert (site.var / f"upgrades/{name}.copy").read_text() == "key ['shops.0001_initial']"
    assert site.computer.find_serving().parent == site.computer.library / "releases"
    assert f"runs on the release {name}" in capsys.readouterr().out


@pytest.mark.long
def test_without_changes_to_the_database_the_app_is_never_stopped_before_the_new_one_starts(
    site, monkeypatch
):
    site.pull(NEW | {"migrations": OLD["migrations"]})
    stops = []
    monkeypatch.setattr(site, "stop", lambda: stops.append(site.starts) or Site.stop(site))
    assert site.upgrade() == 0
    assert stops == [1]  # by its restart alone
    assert not list(site.var.glob("upgrades/*.database"))


NODE = {"parts": "app worker", "fronts": "10.0.0.10", "listen": "10.0.0.11:8080"}


@pytest.mark.long
def test_database_is_not_changed_while_other_computers_use_it(site):
    site.choose(**NODE)
    site.pull(NEW | {"others": "10.0.0.12\n10.0.0.13"})
    assert site.upgrade() == 1
    assert (
        "other computers use it: 10.0.0.12, 10.0.0.13. Stop the site on them first" in site.state["problem"]
    )
    assert site.starts == 1  # and it has served all the time
    site.expect(OLD)
    site.pull(NEW)
    assert site.upgrade() == 0
    site.expect(NEW)


@pytest.mark.long
@pytest.mark.parametrize(("step", "status", "serves"), [("copied", 1, OLD), ("migrated", 2, NEW)])
def test_computer_that_starts_in_the_meantime_keeps_its_database(site, step, status, serves):
    """Neither is it changed under its code, nor is what is written on it replaced by what was saved before."""
    site.choose(**NODE)
    site.pull(NEW | {"fails": "trial"})
    running, others = upgrade.Upgrade(site.computer, site.source), site.var / "others"
    work = running.steps[step]
    running.steps[step] = lambda: (work(), others.write_text("10.0.0.12"))
    assert running.run() == status
    assert site.describe()[1] == serves["migrations"]
    others.unlink()
    if status == 2:
        assert site.upgrade() == 1
    site.expect(OLD)


@pytest.mark.long
def test_only_the_node_that_changes_the_database_makes_a_copy_of_the_site(site):
    site.choose(**NODE)
    for release, copies in ((NEW, 1), (NEW | {"name": "newer"}, 1)):
        site.pull(release)
        assert site.upgrade() == 0
        assert len(list(site.var.glob("upgrades/*.copy"))) == copies


@pytest.mark.long
def test_front_computer_takes_the_new_styles_and_asks_no_database(site, monkeypatch):
    monkeypatch.setattr(upgrade, "SETTLES", 0)
    site.choose(parts="front", nodes="10.0.0.11:8080")
    site.pull(NEW)
    assert site.upgrade() == 0
    assert site.describe()[1:3] == (OLD["migrations"], "new")
    assert not list(site.var.glob("upgrades/*"))
    site.pull(NEW | {"name": "newest"})
    serving = site.computer.find_serving()
    monkeypatch.setattr(site, "is_running", lambda: site.computer.find_serving() == serving)
    assert site.upgrade() == 1
    assert "does not run" in site.state["problem"]
    assert site.computer.find_serving() == serving


@pytest.mark.long
@pytest.mark.parametrize("fails", ["check", "migrate", "start", "trial"])
def test_release_that_does_not_work_leaves_code_database_and_styles_as_they_were(site, fails, capsys):
    site.pull(NEW | {"fails": fails})
    assert site.upgrade() == 1
    site.order()
    site.expect(OLD)
    assert site.computer.find_serving() == site.first
    assert site.state["step"] == "back"
    reasons = {
        "check": "a setting is wrong",
        "migrate": "a row does not fit",
        "start": "does not start",
        "trial": "database",
    }
    assert reasons[fails] in site.state["problem"]
    site.pull(NEW)  # and the next one comes
    assert site.upgrade() == 0
    site.expect(NEW)


@pytest.mark.long
@pytest.mark.parametrize(("cut", "after"), CUTS)
def test_upgrade_goes_on_after_a_power_failure_at_any_step(site, cut, after):
    site.pull(NEW)
    with pytest.raises(Cut):
        site.upgrade(cut, after)
    site.boot()
    site.order()
    name, migrations, _styles, orders = site.describe()
    assert orders == site.orders
    # Never in between: code serves only a database that it knows.
    assert (name, migrations) in [
        ("old", OLD["migrations"]),
        ("new", NEW["migrations"]),
        ("", NEW["migrations"]),
    ]
    assert site.upgrade() == 0
    site.order()
    site.expect(NEW)


@pytest.mark.long
@pytest.mark.parametrize(("cut", "after"), WITH_ORDERS if CUTS_EVERYWHERE else WITH_ORDERS[1::2])
def test_orders_taken_after_a_power_failure_stay_when_the_upgrade_goes_back(site, cut, after):
    """What was saved before the power failed is not the last that the earlier release wrote."""
    site.pull(NEW)
    with pytest.raises(Cut):
        site.upgrade(cut, after)
    site.boot()
    site.order()
    staged = site.computer.library / "releases" / site.state["name"] / "release.json"
    staged.write_text(json.dumps(NEW | {"fails": "trial"}))
    site.pull(NEW | {"fails": "trial"})  # what had not stopped the app begins anew
    assert site.upgrade() == 1
    site.order()
    site.expect(OLD)


@pytest.mark.long
def test_migration_cut_in_the_middle_is_taken_back_to_the_saved_database(site, monkeypatch):
    site.pull(NEW | {"fails": "migrate"})
    manage = site.computer.manage

    def cut(release: Path, *words: str, **options) -> str:
        try:
            return manage(release, *words, **options)
        except upgrade.Failed:
            raise Cut from None

    with monkeypatch.context() as patch:
        patch.setattr(site.computer, "manage", cut)
        with pytest.raises(Cut):
            site.upgrade()
    site.boot()
    assert site.describe()[:2] == ("", NEW["migrations"][:2])  # the earlier code does not serve it
    assert site.upgrade() == 1
    site.order()
    site.expect(OLD)


@pytest.mark.long
@pytest.mark.parametrize("cut", ["load", "units", "start"][:: 1 if CUTS_EVERYWHERE else 2])
def test_way_back_goes_on_after_a_power_failure(site, cut, monkeypatch):
    """Before the database is loaded, before and after the units are: what was ordered meanwhile stays."""
    site.pull(NEW | {"fails": "trial"})
    manage, restore = site.computer.manage, upgrade.Upgrade.restore_units

    def fail(*_words) -> None:
        raise Cut

    def load(release: Path, *words: str, **options) -> str:
        return fail() if words[:2] == ("database_file", "load") else manage(release, *words, **options)

    with monkeypatch.context() as patch:
        if cut == "load":
            patch.setattr(site.computer, "manage", load)
        elif cut == "units":
            patch.setattr(upgrade.Upgrade, "restore_units", fail)
        else:
            patch.setattr(upgrade.Upgrade, "restore_units", lambda self: (restore(self), fail()))
        with pytest.raises(Cut):
            site.upgrade()
    assert site.state["is_going_back"]
    site.boot()
    site.order()
    assert site.upgrade() == 1
    site.order()
    site.expect(OLD)


@pytest.mark.long
def test_orders_of_the_new_release_are_not_given_up_when_it_is_not_ready(site, monkeypatch, capsys):
    monkeypatch.setattr(upgrade, "PATIENCE", 1)
    site.pull(NEW | {"fails": "later"})
    assert site.upgrade() == 1
    site.order()
    assert site.describe()[1::2] == (NEW["migrations"], site.orders)
    assert "sudo make upgrade BACK=1" in capsys.readouterr().out
    site.pull(NEW | {"name": "mended"})  # and what mends it is the next upgrade
    assert site.upgrade() == 0
    site.order()
    site.expect(NEW | {"name": "mended"})


@pytest.mark.long
def test_without_changes_to_the_database_a_release_that_is_not_ready_is_taken_back(site, monkeypatch):
    monkeypatch.setattr(upgrade, "PATIENCE", 1)
    site.pull(NEW | {"migrations": OLD["migrations"], "fails": "later"})
    assert site.upgrade() == 1
    site.order()
    site.expect(OLD)


@pytest.mark.long
def test_back_to_the_earlier_release_gives_up_what_was_written_since_when_it_is_asked_for(site, monkeypatch):
    monkeypatch.setattr(upgrade, "PATIENCE", 1)
    site.pull(NEW | {"fails": "later"})
    assert site.upgrade() == 1
    before = list(site.orders)
    site.order()
    assert upgrade.Upgrade(site.computer, site.source).take_back() == 1
    site.orders = before
    site.order()
    site.expect(OLD)
    assert upgrade.Upgrade(site.computer, site.source).take_back() == 1  # once is enough
    site.expect(OLD)


@pytest.mark.long
def test_upgrade_cut_before_the_app_was_stopped_takes_the_code_of_now(site):
    site.pull(NEW | {"fails": "check"})
    with pytest.raises(Cut):
        site.upgrade("checked")
    site.pull(NEW)
    assert site.upgrade() == 0
    site.expect(NEW)


@pytest.mark.long
def test_copy_is_left_out_when_it_is_asked_for(site, monkeypatch):
    monkeypatch.setenv("COPY", "0")
    site.pull(NEW)
    assert site.upgrade() == 0
    site.expect(NEW)
    assert not list(site.var.glob("upgrades/*.copy"))


def test_one_upgrade_runs_at_a_time(tmp_path):
    with (
        upgrade.hold_lock(tmp_path),
        pytest.raises(upgrade.Failed, match="Another upgrade"),
        upgrade.hold_lock(tmp_path),
    ):
        pass
    with upgrade.hold_lock(tmp_path):
        pass


@pytest.mark.long
def test_three_copies_of_earlier_upgrades_are_kept(site):
    site.pull(NEW)
    assert site.upgrade() == 0
    for number in range(4):
        (site.var / f"upgrades/2026020{number}-000000.copy").write_text("")
        (site.computer.library / f"before/2026020{number}-000000").mkdir()
    assert site.upgrade() == 0
    copies = sorted(path.name for path in (site.var / "upgrades").glob("*.copy"))
    assert len(copies) == 3
    assert copies[-1] == f"{site.computer.find_serving().name}.copy"
    assert len(list((site.computer.library / "before").iterdir())) == 3


@pytest.mark.long
def test_state_file_that_somebody_else_wrote_leads_root_nowhere(site):
    """It is in a folder of the site's user: names of releases count, paths do not, and a link is replaced."""
    outside = site.root / "etc/newfarmwork.install.json"
    (site.var / "upgrade.json").symlink_to(outside)
    site.pull(NEW)
    assert site.upgrade() == 0
    assert outside.read_text() == "{}"
    for name in ("../../evil", "20260101-999999"):
        (site.var / "upgrade.json").write_text(json.dumps({"name": name, "step": "tried"}))
        assert upgrade.Upgrade(site.computer, site.source).read_state() is None


@pytest.mark.long
def test_upgrade_of_a_computer_without_a_site_says_how_to_install(site):
    (site.root / units.UNITS.lstrip("/") / "newfarmwork-app.service").unlink()
    with pytest.raises(upgrade.Failed, match="make install"):
        site.upgrade()
