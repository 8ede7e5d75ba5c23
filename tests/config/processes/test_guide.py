"""The guide for one computer, docs/county/one-computer.md, typed as it stands there, and what both guides are written in.

Here below a folder and without root: programs of the system are replaced by short ones that check their arguments, the commands
of the site run in this process. `make prove` types the same blocks on a Debian that boots (bench.proofs.guides.one_computer),
and those of several computers on four (bench.proofs.guides.several_computers).
"""

import getpass
import grp
import io
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, load_command_class

from accounts.models import Membership, Place, User
from bench.harness import guide
from bench.proofs.guides import one_computer, several_computers
from config.copies import seal
from config.county import setup
from config.health import env_file
from config.processes import units

PAGES = ("one-computer.md", "several-computers.md")
# The folders of a computer that the guide names.
PLACES = re.compile(r"(?<![\w.@-])/(?=(?:etc|srv|mnt|opt|var|usr)/)")
# What stands for a program that needs root, or the internet: it refuses what the real one would.
STAND_INS = {
    "sudo": 'exec env "$@"',
    "apt-get": '[ "$1" = update ] || [ "$1 $2" = "install -y" ]; shift; echo "$*" >> "$ROOT/packages"',
    "git": 'case "$1" in clone) mkdir -p "$(dirname "$3")"; ln -s "$CODE" "$3";; pull) [ -f Makefile ];; *) exit 1;; esac',
    "make": 'grep -q "^$1:" Makefile; echo "$1 $HOST $HTTPS $SITE_ROLE" >> "$ROOT/made"; '
    'words=; [ "$1" = uninstall ] && words=--uninstall; [ "$1" = upgrade ] || '
    '"$PYTHON" -m config.processes.installation --root "$ROOT" $words',
    "systemctl": 'echo "$*" >> "$ROOT/systemctl"',
    "journalctl": "true",
    "update-ca-certificates": 'grep -q CERTIFICATE "$ROOT"/usr/local/share/ca-certificates/*.crt',
}


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setattr(guide, "GUIDE", tmp_path)
    return lambda text: (tmp_path / "page.md").write_text(text)


PAGE = """
### What to replace
| Here | Yours |
|---|---|
| `192.168.1.20` | the address |
| `/mnt/copies` | a folder |
| `/mnt/copies/a.copy` | a file |

```sh computer: write it
cat <<'END' > /mnt/copies/a.copy
192.168.1.20

# not a comment
END
# a comment
echo one \\
  two
```
```toml
name = "192.168.1.20"
```
```sh node-1: write it
true
```
"""


def test_steps_come_in_order_with_the_sites_own_names(write):
    write(PAGE)
    values = {"192.168.1.20": "10.0.0.1", "/mnt/copies": "192.168.1.20", "/mnt/copies/a.copy": "/x"}
    steps = guide.read_steps("page.md", values)
    assert [(step.computer, step.name, step.line) for step in steps] == [
        ("computer", "write it", 9),
        ("node-1", "write it", 22),
    ]
    assert steps[0].list_commands() == [
        "cat <<'END' > /x\n10.0.0.1\n\n# not a comment\nEND",
        "echo one \\\n  two",
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("```sh node-1: write it", "```", "page.md:22: the block names no computer"),
        ("```sh node-1: write it", "```bash", "page.md:22: the block names no computer"),
        ("node-1: write it", "computer: write it", "two steps are called"),
        ("| `192.168.1.20` | the address |", "", "'192.168.1.20'] is not in the table"),
    ],
)
def test_page_that_cannot_be_followed_is_refused(write, was, becomes, said):
    write(PAGE.replace(was, becomes))
    with pytest.raises(guide.BadGuide, match=re.escape(said)):
        guide.read_steps("page.md", {"192.168.1.20": "10.0.0.1"})


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_a_step_and_what_is_replaced_stands_in_one(page):
    steps = guide.read_steps(page)
    assert len(steps) > 10
    commands = "\n".join(step.commands for step in steps)
    shown = guide.read_replaced((guide.GUIDE / page).read_text())
    assert [here for here in shown if here not in commands] == []
    for step in steps:
        done = subprocess.run(
            ["bash", "-n", "-c", step.commands], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), step.name
        # Nobody is asked, and nothing is left to be filled in.
        assert not re.search(r"…|\bnano\b|\bsystemctl edit\b|\bless\b", step.commands), step.name


@pytest.mark.parametrize(
    ("proof", "foreign"),
    [
        (one_computer.OneComputer(None, None), {"engine"}),
        (several_computers.SeveralComputers(dict.fromkeys(several_computers.ADDRESSES), None, None), set()),
    ],
)
def test_proof_types_all_steps_of_its_computers_and_knows_those_between_which_it_does_more(proof, foreign):
    assert {step.computer for step in guide.read_steps(proof.page)} - set(proof.machines) == foreign
    assert {*proof.before, *proof.after} <= set(proof.steps)


class Computer:
    """Types the steps below a folder. `/etc` and the like are looked for there, and the site's user is this one."""

    def __init__(self, root: Path, monkeypatch) -> None:
        self.root, self.output = root, ""
        programs = root / "programs"
        programs.mkdir()
        for name, script in STAND_INS.items():
            (programs / name).write_text(f"#!/bin/sh\nset -e\n{script}\n")
            (programs / name).chmod(0o755)
        self.env = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "ROOT": str(root),
            "CODE": str(settings.BASE_DIR),
        }
        self.env |= {"PYTHON": sys.executable, "LANG": "C.UTF-8"}
        monkeypatch.setattr(settings, "BACKUP_KEY_FILE", f"{root}/etc/newfarmwork/copies.key")

    def type(self, step: guide.Step) -> str:
        """Type a step; return what it prints."""
        text = PLACES.sub(f"{self.root}/", step.commands)
        text = text.replace(
            "-o newfarmwork -g newfarmwork", f"-o {getpass.getuser()} -g {grp.getgrgid(os.getgid())[0]}"
        )
        folder, printed = self.root, []
        for command in guide.Step("", "", text, 0).list_commands():
            words = shlex.split(command.partition("<<")[0])
            if words[0] == "cd":
                folder = Path(words[1])
            elif words[:2] == ["sudo", "newfarmwork"]:
                assert (self.root / "usr/local/sbin/newfarmwork").exists()
                printed.append(self.manage(*words[2:]))
            else:
                done = subprocess.run(
                    ["bash", "-e", "-c", command], cwd=folder, env=self.env, capture_output=True, text=True, check=False
                )  # fmt: skip
                assert done.returncode == 0, (step.name, command, done.stderr)
                printed.append(done.stdout)
        return "".join(printed)

    def manage(self, name: str, *words: str) -> str:
        """Run a command of the site; of those that need a site that runs, or an empty one, only the options are read."""
        if name == "check_site" or (name == "restore" and "--check" not in words):
            load_command_class("config", name).create_parser("manage.py", name).parse_args(words)
            return ""
        out = io.StringIO()
        call_command(name, *words, stdout=out)
        return out.getvalue()


@pytest.fixture
def computer(tmp_path, monkeypatch, db) -> Computer:
    monkeypatch.setattr(seal, "ARGON2", seal.ARGON2 | {"time_cost": 1, "memory_cost": 8})
    monkeypatch.setattr(setup, "import_programme", lambda county: None)
    monkeypatch.setattr(setup, "create_first_rules", lambda course: None)
    certificate = tmp_path / f"{units.ROOT_CERTIFICATE.lstrip('/')}"
    certificate.parent.mkdir(parents=True)
    certificate.write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "usr/local/share/ca-certificates").mkdir(parents=True)
    return Computer(tmp_path, monkeypatch)


def read_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.long
def test_guide_for_one_computer_is_typed_from_its_first_block_to_its_last(computer):
    root, printed = computer.root, {}
    values = one_computer.VALUES | {
        "192.168.1.20": "192.168.7.7",
        "/mnt/copies/farm.copy": "/mnt/copies/first.copy",
    }
    steps = [step for step in guide.read_steps("one-computer.md", values) if step.computer == "computer"]
    for step in steps:
        if step.name == "uninstall the site":
            break
        printed[step.name] = computer.type(step)
        if "tee -a" in step.commands:  # somebody pastes it twice
            computer.type(step)
    assert (root / "packages").read_text().split("\n")[1].split()[1:] == [
        "git", "make", "python3", "python3-venv", "ca-certificates",
    ]  # fmt: skip
    assert (root / "made").read_text() == "install 192.168.7.7 1 single_seller\nupgrade   \n"
    # The settings are what systemd and a shell can read, with all that the guide has added.
    env = root / "etc/newfarmwork.env"
    assert env_file.list_faults(env) == []
    names = re.findall(r"^(\w+)=", env.read_text(), re.MULTILINE)
    assert len(names) == len(set(names))
    assert {'OPERATOR_NAME="县农业农村局"', f"BACKUP_DIR={root}/mnt/copies"} <= set(
        env.read_text().splitlines()
    )
    assert [read_mode(root / name) for name in ("etc/newfarmwork", "mnt/copies", "srv/county")] == [0o700] * 3
    assert read_mode(root / "etc/newfarmwork/copies.key") == 0o600
    # The county's file and sheet are read, then written once.
    assert "2 townships, 3 villages. Nothing was written." in printed["check the county's file"]
    assert printed["start the county"].count("signs in within a day with the password") == 2
    assert list(Place.objects.villages().values_list("name", flat=True)) == [
        "石榴冲村",
        "柑子坪村",
        "大木山村",
    ]
    assert User.objects.get(is_superuser=True).name == "向建国"
    assert Membership.objects.get().user.name == "周梅英"
    assert "read back whole" in printed["make the first copy and read it back"]
    assert "Good: the site of" in printed["make the first copy and read it back"]
    # Units that are named are there, and systemd reads what was added to one.
    typed = (root / "systemctl").read_text()
    for name in re.findall(r"newfarmwork[\w-]*\.(?:target|service)", typed):
        assert (root / f"etc/systemd/system/{name}").exists()
    [added] = (root / "etc/systemd/system/newfarmwork-worker.service.d").iterdir()
    assert added.read_text() == "[Service]\nReadWritePaths=-/mnt/copies\n"
    computer.type(steps[-1])
    assert not list((root / "etc/systemd/system").glob("newfarmwork*.service"))
    assert env.exists()
