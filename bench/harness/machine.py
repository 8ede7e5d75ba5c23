"""An empty Debian computer on this one, or several: made by debootstrap, booted by their own systemd, each with a network of
its own in which it may set what it will, its firewall too.

Needs root and the Debian packages debootstrap, systemd-container and slirp4netns; `list_missing` says what is not there. The
mirror, the package index and the authorities are those that this machine's apt, pip and certificates name; they are written
into the computer's root only.
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "slirp4netns": "slirp4netns",
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "git": "git",
}
# Whoever administers the computer; may use sudo without a password, because nobody types here.
PERSON = "farmer"
# On a machine that is busy with other proofs, too.
BOOT_SECONDS = 900
# With this status systemd-nspawn ends when the computer inside asks to be started again.
REBOOTS = 133
# What `apt-get install` of a usual installation has and debootstrap has not.
INCLUDED = ("sudo", "systemd", "systemd-sysv", "dbus", "libpam-systemd", "iproute2")
AUTHORITIES = Path("/usr/local/share/ca-certificates")


class CannotRun(Exception):
    """Raised when such a computer cannot be made here; the message says what is missing."""


def list_missing() -> list[str]:
    """Return what this machine lacks, a phrase each."""
    missing = [] if os.geteuid() == 0 else ["root"]
    missing += sorted(
        {f"the package {name}" for program, name in PROGRAMS.items() if not shutil.which(program)}
    )
    missing += [] if Path("/dev/net/tun").exists() else ["/dev/net/tun"]
    return missing


@dataclass(frozen=True)
class Result:
    status: int
    output: str
    seconds: float


def run(*command: str | Path, **options) -> str:
    """Run a program of this machine; return what it prints. Raises CannotRun."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise CannotRun(f"{' '.join(map(str, command))}: {last}")
    return done.stdout


# --- the root folder ---


def read_mirrors() -> list[tuple[str, str, list[str]]]:
    """Return this machine's Debian archives, (URI, suite, components), the main one first."""
    said = run(
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI)|$(SUITE)|$(CODENAME)|$(COMPONENT)",
        "Created-By: Packages",
    )
    found: dict[tuple[str, str], list[str]] = {}
    for line in said.splitlines():
        uri, _suite, codename, component = line.split("|")
        if uri.startswith(("http://", "https://")):
            found.setdefault((uri.rstrip("/"), codename), []).append(component)
    if not found:
        raise CannotRun("apt names no archive that is reached by HTTP")
    mirrors = [(uri, codename, sorted(set(components))) for (uri, codename), components in found.items()]
    return sorted(mirrors, key=lambda mirror: "-" in mirror[1])


def make_root(root: Path) -> None:
    """Install an empty Debian of this machine's release into the folder."""
    mirrors = read_mirrors()
    uri, suite, _components = mirrors[0]
    include = f"--include={','.join(INCLUDED)}"
    run("debootstrap", "--variant=minbase", include, suite, root, uri)
    lines = [f"deb {uri} {suite} {' '.join(components)}" for uri, suite, components in mirrors]
    (root / "etc/apt/sources.list").write_text("\n".join(lines) + "\n")
    options = [line for line in run("apt-config", "dump").splitlines() if line.startswith("Acquire::")]
    (root / "etc/apt/apt.conf.d/00machine").write_text("\n".join(options) + "\n")
    copy_index(root)
    run("chroot", root, "useradd", "--create-home", "--shell", "/bin/bash", PERSON)
    (root / "etc/sudoers.d/person").write_text(f"{PERSON} ALL=(ALL) NOPASSWD: ALL\n")
    (root / "etc/hostname").write_text("hall\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost hall\n::1 localhost\n")
    (root / "etc/default/locale").write_text("LANG=C.UTF-8\n")


def copy_index(root: Path) -> None:
    """Let pip and uv there find packages as they do here: index, folders of wheels, authorities."""
    said = dict(
        line.partition("=")[::2]
        for line in run("python3", "-m", "pip", "config", "list").splitlines()
        if line.startswith(("global.", ":env:."))
    )
    values = {name.rpartition(".")[2]: value.strip("'") for name, value in said.items()}
    pip = configparser.ConfigParser()
    pip["global"] = {
        name: values[name] for name in ("index-url", "trusted-host", "timeout") if name in values
    }
    uv = ["native-tls = true"]
    if "index-url" in values:
        uv.append(f'index-url = "{values["index-url"]}"')
    if bundle := values.get("cert"):
        shutil.copy(bundle, root / "etc/machine-authorities.pem")
        pip["global"]["cert"] = "/etc/machine-authorities.pem"
    with open(root / "etc/pip.conf", "w") as file:
        pip.write(file)
    (root / "etc/uv").mkdir(exist_ok=True)
    (root / "etc/uv/uv.toml").write_text("\n".join(uv) + "\n")
    if AUTHORITIES.exists():
        target = root / str(AUTHORITIES).lstrip("/")
        shutil.copytree(AUTHORITIES, target, dirs_exist_ok=True)


# --- the computer ---


class Machine:
    """A Debian computer in a root folder, with one address on a network of this machine and a way out to the internet.

    Without a `bridge`, at which this machine has its address, the network is a line between the two alone.
    """

    def __init__(self, root: Path, name: str, address: str, bridge: str = "") -> None:
        self.root, self.name, self.address, self.bridge = root, name, address, bridge
        self.processes: list[subprocess.Popen] = []
        self.is_connected = False

    # --- on and off ---

    def connect(self) -> None:
        """Make its network: a line to this machine, which has the address ending with 1, and a way to the internet."""
        line = self.name[:12]
        run("ip", "netns", "add", self.name)
        self.is_connected = True
        run("ip", "link", "add", f"{line}-o", "type", "veth", "peer", "name", "hall", "netns", self.name)
        if self.bridge:
            run("ip", "link", "set", f"{line}-o", "master", self.bridge)
        else:
            run("ip", "address", "add", get_outer_address(self.address), "dev", f"{line}-o")
        run("ip", "link", "set", f"{line}-o", "up")
        for words in (
            ("address", "add", f"{self.address}/24", "dev", "hall"),
            ("link", "set", "hall", "up"),
            ("link", "set", "lo", "up"),
        ):
            run("ip", "-n", self.name, *words)
        words = ["slirp4netns", "--configure", "--disable-host-loopback", "--netns-type=path"]
        command = [*words, f"/run/netns/{self.name}", "internet"]
        self.processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")

    def boot(self) -> None:
        """Start its systemd, and wait until it has started everything. Raises CannotRun."""
        # Its systemd needs one tree of control groups, and a group of its own there; this machine may have older trees.
        script = (
            "set -e; mount --make-rprivate /; umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; "
            'group=/sys/fs/cgroup/$1; mkdir -p "$group"; echo $$ > "$group/cgroup.procs"; shift; exec "$@"'
        )
        nspawn = ["systemd-nspawn", "--quiet", "--boot", f"--directory={self.root}", f"--machine={self.name}"]
        nspawn += [f"--network-namespace-path=/run/netns/{self.name}", "--register=no", "--keep-unit"]
        # The network is its own, and so is what it admits there.
        nspawn += ["--capability=CAP_NET_ADMIN"]
        nspawn += ["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe"]
        command = ["unshare", "--mount", "sh", "-c", script, "sh", self.name, *nspawn]
        log = open(self.root.parent / f"{self.name}.console", "ab")  # noqa: SIM115
        env = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        self.processes.append(
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        )
        self.wait_until_started()

    def find_init(self) -> int:
        """Return the process that is its systemd, or 0."""
        parent = self.processes[-1]
        if parent.poll() is not None:
            last = (self.root.parent / f"{self.name}.console").read_text(errors="replace").splitlines()[-8:]
            raise CannotRun(f"{self.name} has stopped: " + "\n".join(last))
        return self.find_child(parent)

    def find_child(self, process: subprocess.Popen) -> int:
        with suppress(OSError, IndexError):
            return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[-1])
        return 0

    def wait_until_started(self) -> None:
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end:
            if self.find_init():
                state = self.enter("systemctl", "is-system-running").output.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.5)
        raise CannotRun(f"{self.name} has not started within {BOOT_SECONDS} s")

    def restart(self) -> Result:
        """Type `sudo systemctl reboot` there: it ends all programs, is off for a moment, and boots."""
        result = self.run("sudo systemctl reboot")
        power = self.processes.pop()
        if (status := power.wait(BOOT_SECONDS)) != REBOOTS:
            raise CannotRun(f"{self.name} was to restart and ended with {status}")
        self.forget_firewall()
        self.boot()
        return result

    def forget_firewall(self) -> None:
        """Forget, as a computer does that is off, what it admitted: the namespace of its network has stayed."""
        if (self.root / "usr/sbin/nft").exists():
            run("nsenter", f"--net=/run/netns/{self.name}", "chroot", self.root, "nft", "flush", "ruleset")

    def stop(self) -> None:
        """Switch it off and take its network away; only what this class has started."""
        for process in reversed(self.processes):
            init = self.find_child(process)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(BOOT_SECONDS)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.kill(init or process.pid, signal.SIGKILL)  # with it ends all that runs there
                process.kill()
                process.wait(60)
        if self.is_connected:
            subprocess.run(["ip", "netns", "delete", self.name], check=False)

    # --- commands ---

    def enter(self, *command: str, seconds: float = 1800) -> Result:
        """Run a program there as root."""
        begun = time.monotonic()
        words = [
            "nsenter",
            f"--target={self.find_init()}",
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            *command,
        ]
        env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        done = subprocess.run(
            words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", timeout=seconds, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, time.monotonic() - begun)

    def run(self, commands: str, seconds: float = 1800) -> Result:
        """Run commands as its person types them in a new shell; the first that fails ends them."""
        return self.enter(
            "runuser", "-l", PERSON, "-c", f"bash -e -c {shlex.quote(commands)}", seconds=seconds
        )

    def describe(self) -> str:
        return " · ".join(
            [
                "Debian",
                *self.run(
                    "cat /etc/debian_version; systemctl --version | head -n 1; cat /proc/1/comm"
                ).output.split("\n"),
            ]
        )


def get_outer_address(address: str) -> str:
    """Return this machine's own address in the network of another."""
    return re.sub(r"\d+$", "1/24", address)


def copy_root(base: Path, root: Path, name: str) -> None:
    """Copy the root of a computer that was never used, and give the copy a name of its own."""
    run("cp", "--archive", base, root)
    (root / "etc/hostname").write_text(f"{name}\n")
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {name}\n::1 localhost\n")


def check_missing() -> None:
    """Raise CannotRun with all that is missing here."""
    if missing := list_missing():
        raise CannotRun(f"missing here: {', '.join(missing)}")


@contextmanager
def temporary_machine(folder: Path, name: str, address: str, base: Path | None = None) -> Iterator[Machine]:
    """Make a computer, or copy one that was never used (`base`), boot it, and switch it off at the end. Raises CannotRun."""
    check_missing()
    machine = Machine(folder / name, name, address)
    if base and not base.exists():
        make_root(base)
    if base:
        run("cp", "--archive", base, machine.root)
    else:
        make_root(machine.root)
    try:
        machine.connect()
        machine.boot()
        yield machine
    finally:
        machine.stop()


@contextmanager
def temporary_machines(
    folder: Path, bridge: str, addresses: Mapping[str, str], base: Path | None = None
) -> Iterator[dict[str, Machine]]:
    """Make a computer for each name → address, all on one bridge, boot them, and switch them off at the end. Raises CannotRun."""
    check_missing()
    base = base or folder / "base"
    if not base.exists():
        make_root(base)
    machines = {}
    with ExitStack() as stack:
        run("ip", "link", "add", bridge, "type", "bridge")
        stack.callback(subprocess.run, ["ip", "link", "delete", bridge], check=False)
        run("ip", "address", "add", get_outer_address(next(iter(addresses.values()))), "dev", bridge)
        run("ip", "link", "set", bridge, "up")
        for name, address in addresses.items():
            copy_root(base, folder / name, name)
            machines[name] = machine = Machine(folder / name, f"{bridge}-{name}"[:12], address, bridge)
            stack.callback(machine.stop)
            machine.connect()
            machine.boot()
        yield machines
