"""The written units, read by systemd where it is installed, and everywhere by rules of its manual."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.config.processes.test_installation import install

YES_OR_NO = re.compile(r"yes|no")
SECONDS = re.compile(r"\d+|infinity")
NAME = re.compile(r"[a-z][a-z-]*")
MODE = re.compile(r"0[0-7]{3}")
PATHS = re.compile(r"(-?/[\w./-]+ ?)+")
UNITS = re.compile(r"([\w@-]+\.(service|target) ?)+")
PROGRAM = re.compile(r"[-+!@:]*/[\w./-]+( .+)?")
ANY = re.compile(r".+")
ASSIGNMENTS = re.compile(r'(("[A-Z_]+=[^"]*"|[A-Z_]+=[^\s"]*) ?)+')
# Every key that the units may have, with what its value may be.
KEYS = {
    "Unit": {"Description": ANY, "StartLimitIntervalSec": SECONDS}
    | dict.fromkeys(("PartOf", "After", "Requires", "Wants"), UNITS),
    "Service": {
        "Type": re.compile("oneshot|notify"),
        "Restart": re.compile("always|on-failure"),
        "KillMode": re.compile("mixed"),
        "OOMPolicy": re.compile("continue"),
        "ProtectSystem": re.compile("strict"),
        "ProtectHome": re.compile("read-only"),
        "RestartPreventExitStatus": re.compile(r"\d+"),
        "OOMScoreAdjust": re.compile(r"-?\d{1,4}"),
        "EnvironmentFile": re.compile(r"/[\w./-]+"),
        "WorkingDirectory": re.compile(r"/[\w./-]+"),
        "Environment": ASSIGNMENTS,
        "ReadWritePaths": PATHS,
        "RuntimeDirectoryPreserve": YES_OR_NO,
        "LoadCredential": re.compile(r"[\w.]+:/[\w./-]+"),
        "AmbientCapabilities": re.compile("CAP_NET_BIND_SERVICE"),
        "CapabilityBoundingSet": re.compile("CAP_NET_BIND_SERVICE"),
    }
    | dict.fromkeys(("ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop"), PROGRAM)
    | dict.fromkeys(("User", "Group", "RuntimeDirectory", "StateDirectory", "LogsDirectory"), NAME)
    | dict.fromkeys(("RestartSec", "TimeoutStopSec"), SECONDS)
    | dict.fromkeys(("RuntimeDirectoryMode", "LogsDirectoryMode", "UMask"), MODE)
    | dict.fromkeys(
        (
            "RemainAfterExit", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables",
            "ProtectKernelModules", "ProtectControlGroups", "RestrictSUIDSGID", "RestrictNamespaces", "LockPersonality",
        ),
        YES_OR_NO,
    ),
    "Install": {"WantedBy": UNITS},
}  # fmt: skip
OF_THE_SYSTEM = {"network.target", "network-online.target", "postgresql.service", "multi-user.target"}


def find_faults(folder: Path) -> list[str]:
    """Return what systemd would not understand in the units of a folder, a sentence a line."""
    names = {path.name for path in folder.iterdir()}
    faults = []
    for path in sorted(folder.iterdir()):
        section, pairs = "", []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            where = f"{path.name}:{number}: "
            key, found, value = line.partition("=")
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                section = line.strip("[]")
                faults += [] if section in KEYS else [f"{where}unknown section {section}"]
            elif not found or key not in KEYS.get(section, {}):
                faults.append(f"{where}unknown key {key} in [{section}]")
            elif not KEYS[section][key].fullmatch(value):
                faults.append(f"{where}{key} cannot be {value}")
            elif KEYS[section][key] is UNITS:
                faults += [
                    f"{where}no unit {name}" for name in value.split() if name not in names | OF_THE_SYSTEM
                ]
            elif "%" in value:
                faults.append(f"{where}% begins a specifier in {value}")
            pairs.append((key, value))
        starts = [value for key, value in pairs if key == "ExecStart"]
        if path.suffix == ".service" and len(starts) != 1 and ("Type", "oneshot") not in pairs:
            faults.append(f"{path.name}: {len(starts)} ExecStart")
    return faults


def ask_systemd(folder: Path) -> tuple[int, list[str]]:
    """Return the status of systemd-analyze and what it says about our units; it reads others of the machine, too."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, folder.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, [line for line in done.stderr.splitlines() if "newfarmwork" in line]


CHOICES = [
    {},
    {"HTTPS": "1"},
    {"TLS_CERT": "/etc/hall.crt", "TLS_KEY": "/etc/hall.key", "VAR_DIR": "/srv/nong-huo"},
    {"PARTS": "front", "NODES": "10.0.0.11 10.0.0.12:8081", "HTTPS": "1"},
    {"PARTS": "app worker", "FRONTS": "10.0.0.10", "LISTEN": "10.0.0.11", "HTTPS": "1"},
    {"PARTS": "worker"},
]


@pytest.mark.parametrize(
    "chosen", CHOICES, ids=["plain", "https", "own certificate", "front", "node", "films"]
)
def test_systemd_understands_every_unit(tmp_path, chosen):
    assert install(tmp_path, **chosen).returncode == 0
    folder = tmp_path / "etc/systemd/system"
    assert find_faults(folder) == []
    if shutil.which("systemd-analyze"):
        assert ask_systemd(folder) == (0, [])


FAULTS = {
    "Restart=always": "Restart=allways",
    "KillMode=mixed": "KillMod=mixed",
    "UMask=0077": "UMask=77",
    "Requires=newfarmwork-prepare.service": "Requires=newfarmwork-prepaer.service",
    "ExecStop=-/bin/rm": "ExecStop=rm",
    "[Service]": "[Servce]",
}


@pytest.mark.long
@pytest.mark.parametrize("right", FAULTS)
def test_fault_in_a_unit_is_found_without_systemd(tmp_path, right):
    assert install(tmp_path).returncode == 0
    folder = tmp_path / "etc/systemd/system"
    app = folder / "newfarmwork-app.service"
    assert right in app.read_text()
    app.write_text(app.read_text().replace(right, FAULTS[right], 1))
    faults = find_faults(folder)
    assert faults, f"{FAULTS[right]} is not found"
    assert all(fault.startswith("newfarmwork-app.service") for fault in faults)
