"""A county on several computers: visitors, a front server, nodes, and one computer with PostgreSQL and a bucket.

Every computer is installed by `make install`'s own program and run by its units.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.harness.computers import Computer, allow_visitors, make_computers, network_of, wait_until
from bench.harness.postgres import own_postgres
from bench.harness.servers import ROOT
from bench.harness.services import Service, read_settings
from bench.harness.traffic import Traffic

VISITORS, FRONT, STORE = "10.77.0.2", "10.77.0.10", "10.77.0.20"
BUCKET, BUCKET_PORT, NODE_PORT = "county", 9000, 8080
PROGRAMS = ("app", "spool", "worker", "front")
STARTS_WITHIN = 120  # s


class Store:
    """PostgreSQL and a stand-in for a bucket."""

    def __init__(self, computer: Computer, postgres, stack: ExitStack) -> None:
        self.computer, self.postgres = computer, postgres
        postgres.stop()
        postgres.options = postgres.options.replace('""', computer.address)
        with open(Path(postgres.server.pgdata, "pg_hba.conf"), "a") as file:
            file.write("host all all 10.77.0.0/16 trust\n")
        self.start_postgres()
        stack.callback(self.stop_postgres)
        self.start_bucket()
        self.database_url = f"postgres://postgres@{computer.address}:5432/postgres"
        self.bucket_url = f"http://{computer.address}:{BUCKET_PORT}"

    def start_postgres(self) -> None:
        with network_of(self.computer):
            self.postgres.start()

    def stop_postgres(self) -> None:
        self.postgres.stop()

    def start_bucket(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", self.computer.address, "-p", str(BUCKET_PORT)]
        with network_of(self.computer):
            self.bucket = subprocess.Popen(
                command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def make_client(self):
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.bucket_url, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )  # fmt: skip

    def make_bucket(self) -> None:
        wait_until(self.has_bucket, 60, "the bucket does not answer")
        reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
        policy = {
            "Version": "2012-10-17",
            "Statement": [reads | {"Resource": f"arn:aws:s3:::{BUCKET}/media/*"}],
        }
        self.make_client().put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))

    def has_bucket(self) -> bool:
        from botocore.exceptions import BotoCoreError

        try:
            self.make_client().create_bucket(Bucket=BUCKET)
        except BotoCoreError:
            return False
        return True


class Installed:
    """A computer with the site's programs, or some of them."""

    def __init__(self, computer: Computer, choices: dict[str, str], settings: dict[str, str]) -> None:
        self.computer, self.files = computer, computer.root / "files"
        command = [sys.executable, "-m", "config.processes.installation", "--root", str(self.files)]
        env = {"PATH": os.environ["PATH"]} | choices
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{computer.name} could not be installed: {done.stdout}{done.stderr}")
        self.env_file = self.files / "etc/newfarmwork.env"
        self.write_settings(settings)
        units = self.files / "etc/systemd/system"
        self.services = {
            name: Service(computer, path, self.files)
            for name in ("prepare", *PROGRAMS)
            if (path := units / f"newfarmwork-{name}.service").exists()
        }

    @property
    def name(self) -> str:
        return self.computer.name

    def write_settings(self, settings: dict[str, str]) -> None:
        if settings and self.env_file.exists():
            with open(self.env_file, "a") as file:
                file.writelines(f'{name}="{value}"\n' for name, value in settings.items())

    def prepare(self) -> None:
        if "prepare" in self.services:
            self.services["prepare"].run_to_end()

    def start(self, **env: str) -> None:
        """Start all programs; `env` is added to the settings of this run."""
        for name in PROGRAMS:
            if name in self.services:
                self.services[name].start(**env)

    def stop(self) -> None:
        """Stop them as `systemctl stop newfarmwork.target`: the front server first, so that others are asked instead."""
        for name in reversed(PROGRAMS):
            if name in self.services and self.services[name].wanted:
                self.services[name].stop()

    def lose_power(self) -> None:
        """End everything at once; nothing is started again."""
        for service in self.services.values():
            service.forget()
        self.computer.kill()

    @property
    def is_running(self) -> bool:
        return all(self.services[name].wanted for name in PROGRAMS if name in self.services)

    def replace_disk(self) -> None:
        """Go on as a new computer, with an empty disk."""
        self.computer.empty_disk()
        self.prepare()
        self.start()

    def run_code(self, code: str) -> str:
        """Run a snippet inside the site and return the last line that it prints."""
        env = {"PATH": os.environ["PATH"]} | read_settings(self.env_file)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
        done = self.computer.run(*command, folder=ROOT, env=env, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-4000:])
        return done.stdout.strip().splitlines()[-1]


class County:
    def __init__(self, computers: dict[str, Computer], store: Store, count: int) -> None:
        self.computers, self.store = computers, store
        self.shared = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": store.database_url,
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": store.bucket_url,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "k",
            "S3_SECRET_KEY": "s",
            "LOG_LEVEL": "WARNING",
        }
        common = {"SITE_ROLE": "multi_seller", "HTTPS": "0", "HOST": FRONT}
        if not count:
            self.front = Installed(computers["front"], common | {"PORT": "80"}, self.shared)
            self.nodes = [self.front]
        else:
            self.nodes = [self.install_node(computers[f"node{n}"], common) for n in range(1, count + 1)]
            addresses = " ".join(node.computer.address for node in self.nodes)
            self.front = Installed(computers["front"], common | {"PARTS": "front", "NODES": addresses}, {})
        self.host, self.port = FRONT, 80

    def install_node(self, computer: Computer, common: dict[str, str]) -> Installed:
        listen = f"{computer.address}:{NODE_PORT}"
        return Installed(
            computer, common | {"PARTS": "app worker", "FRONTS": FRONT, "LISTEN": listen}, self.shared
        )

    @property
    def installed(self) -> list[Installed]:
        return list({one.name: one for one in (*self.nodes, self.front)}.values())

    def make_traffic(self, pause: float = 0.0) -> Traffic:
        return Traffic(self.port, pause, host=self.host, network=("10", 130))

    def prepare_people(self, seconds: float, boxes: int) -> dict[str, Any]:
        """Create the people of the load (bench.proofs.nodes.load) and return who and what they are."""
        call = f"json.dumps(load.prepare({seconds}, {boxes}))"
        return json.loads(
            self.nodes[0].run_code(f"import json\nfrom bench.proofs.nodes import load\nprint({call})")
        )

    def is_ready(self) -> bool:
        answer = self.make_traffic().ask("GET", "/readyz", {})
        return answer is not None and answer[0] == 200

    def wait_until_ready(self) -> None:
        wait_until(self.is_ready, STARTS_WITHIN, "the county is not ready")


@contextmanager
def running_county(folder: Path, count: int = 2) -> Iterator[County]:
    """Make and start a county; the rest of the block is among its visitors. Raises CannotMake.

    With a count of 0 everything is on one computer, as `make install` without PARTS does it.
    """
    addresses = {"visitors": VISITORS, "front": FRONT, "store": STORE}
    addresses |= {f"node{number}": f"10.77.0.{10 + number}" for number in range(1, count + 1)}
    with ExitStack() as stack:
        computers = stack.enter_context(make_computers(folder / "computers", addresses))
        postgres = stack.enter_context(own_postgres(folder))
        allow_visitors(computers["visitors"])
        stack.enter_context(network_of(computers["visitors"]))
        store = Store(computers["store"], postgres, stack)
        store.make_bucket()
        county = County(computers, store, count)
        for one in county.installed:
            stack.callback(one.lose_power)
        prepare_at_once(county)
        for one in county.installed:
            one.start()
        county.wait_until_ready()
        yield county


def prepare_at_once(county: County) -> None:
    """Prepare all computers at the same time, as after a power cut. Raises RuntimeError."""
    import threading

    failed: list[str] = []

    def prepare(one: Installed) -> None:
        try:
            one.prepare()
        except subprocess.CalledProcessError as error:
            failed.append(f"{one.name}: {error}")

    threads = [threading.Thread(target=prepare, args=[one]) for one in county.installed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError("; ".join(failed))
