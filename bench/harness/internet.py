"""What a county has on the internet, on this computer instead: an authority that gives certificates to public names, the
repository of the code, and a bucket; each under its own name and over TLS.

The authority speaks ACME under the name of Let's Encrypt and asks the site itself, as that does. The repository is served as
files (`git clone https://…` reads them), the bucket by moto. Whoever is to find them enters `list_hosts()` in /etc/hosts and
trusts `authority`.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.harness.machine import run
from bench.harness.servers import ROOT, free_port, wait_for
from config import up

LETS_ENCRYPT = "acme-v02.api.letsencrypt.org"
CADDYFILE = """
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	default_bind {address}
	storage file_system {folder}/caddy
	pki {{
		ca local {{
			root {{
				cert {folder}/authority.crt
				key {folder}/authority.key
			}}
		}}
	}}
}}
(certificate) {{
	tls {folder}/names.crt {folder}/names.key
}}
https://{authority} {{
	import certificate
	rewrite /directory /acme/local/directory
	acme_server
}}
https://{git} {{
	import certificate
	root * {folder}/git
	file_server
}}
https://{bucket} {{
	import certificate
	# The question of a browser, which has no signature; moto wants one.
	@asks method OPTIONS
	handle @asks {{
		header Access-Control-Allow-Origin https://{site}
		header Access-Control-Allow-Methods "GET, HEAD"
		header Access-Control-Allow-Headers *
		respond 200
	}}
	handle {{
		# By another name moto would take its first part for the bucket.
		reverse_proxy 127.0.0.1:{port} {{
			header_up Host {{upstream_hostport}}
		}}
	}}
}}
"""


class Internet:
    """Stand-ins at an `address` of this computer, for a site of that name at `site_address`."""

    def __init__(
        self, folder: Path, address: str, site: str, site_address: str, git: str, bucket: str
    ) -> None:
        self.folder, self.address, self.site, self.site_address = folder, address, site, site_address
        self.git, self.bucket = git, bucket
        self.port = free_port()
        self.processes: list[subprocess.Popen] = []
        (folder / "git").mkdir(parents=True)
        self.authority = folder / "authority.crt"

    def list_hosts(self) -> dict[str, str]:
        """Return name → address, the site's own too."""
        return {self.site: self.site_address} | dict.fromkeys(
            (LETS_ENCRYPT, self.git, self.bucket), self.address
        )

    def start(self) -> None:
        write_certificates(self.folder, [LETS_ENCRYPT, self.git, self.bucket])
        self.start_program([sys.executable, "-m", "moto.server", "-p", str(self.port)])
        config = self.folder / "Caddyfile"
        config.write_text(
            CADDYFILE.format(
                address=self.address, folder=self.folder, authority=LETS_ENCRYPT, git=self.git, bucket=self.bucket,
                site=self.site, port=self.port,
            )
        )  # fmt: skip
        hosts = self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{self.site_address} {self.site}\n")
        # The authority finds the site by its name: this program has an /etc/hosts of its own.
        script = 'mount --make-rprivate /; mount --bind "$0" /etc/hosts; exec "$@"'
        caddy = up.list_commands({"APP_SOCKET": "", "WORKERS": "1"})["front"][0]
        command = [
            "unshare",
            "--mount",
            "sh",
            "-ec",
            script,
            str(hosts),
            caddy,
            "run",
            "--config",
            str(config),
        ]
        self.start_program([*command, "--adapter", "caddyfile"])
        wait_for(self.port)

    def start_program(self, command: Sequence[str]) -> None:
        log = open(self.folder / "log", "ab")  # noqa: SIM115
        env = os.environ | {"HOME": str(self.folder)}
        self.processes.append(subprocess.Popen(command, cwd="/", stdout=log, stderr=log, env=env))

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)

    # --- the bucket ---

    def make_client(self):
        return boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1", aws_access_key_id="k",
            aws_secret_access_key="s",
        )  # fmt: skip

    def make_bucket(self, name: str) -> None:
        """Make a bucket as docs/county/bucket.md says: everybody may get media/*, and pages of the site may read."""
        client = self.make_client()
        client.create_bucket(Bucket=name)
        reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
        statement = reads | {"Resource": f"arn:aws:s3:::{name}/media/*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client.put_bucket_policy(Bucket=name, Policy=policy)
        rule = {
            "AllowedOrigins": [f"https://{self.site}"],
            "AllowedMethods": ["GET", "HEAD"],
            "AllowedHeaders": ["*"],
        }
        client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})

    def count_files(self, name: str) -> int:
        pages = self.make_client().get_paginator("list_objects_v2").paginate(Bucket=name)
        return sum(page["KeyCount"] for page in pages)

    # --- the repository ---

    @property
    def repository(self) -> Path:
        return self.folder / "git/newfarmwork.git"

    def make_repository(self) -> str:
        """Serve the code of this folder, as it was committed; return its last commit."""
        copy_repository(self.repository)
        self.update_repository()
        return run("git", "-C", ROOT, "log", "-1", "--format=%h %s").strip()

    def update_repository(self) -> None:
        """List what is in the repository, for who reads it as files."""
        run("git", "-C", self.repository, "update-server-info")


def copy_repository(target: Path) -> None:
    """Copy the commits of this folder's branch, which becomes the one that is cloned."""
    run("git", "clone", "-q", "--bare", "--no-hardlinks", ROOT, target)
    (branch,) = run("git", "-C", ROOT, "rev-parse", "--abbrev-ref", "HEAD").split()
    run("git", "-C", target, "symbolic-ref", "HEAD", f"refs/heads/{branch}")


def write_certificates(folder: Path, names: Sequence[str]) -> None:
    """Write the key and certificate of an authority, and of these names."""
    root_key, root = sign("Authority of the proof", [])
    key, leaf = sign(names[0], names, root_key, root)
    for path, some_key, certificates in (("authority", root_key, [root]), ("names", key, [leaf])):
        pem = some_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        (folder / f"{path}.key").write_bytes(pem)
        encoded = [one.public_bytes(serialization.Encoding.PEM) for one in certificates]
        (folder / f"{path}.crt").write_bytes(b"".join(encoded))


def sign(
    name: str,
    names: Sequence[str],
    issuer_key: ec.EllipticCurvePrivateKey | None = None,
    issuer: x509.Certificate | None = None,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Return a new key and its certificate; without an issuer that of an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signer = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(make_usage(is_authority=not issuer), critical=True)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(alternatives, critical=False)
    return key, builder.sign(signer, hashes.SHA256())


def make_usage(is_authority: bool) -> x509.KeyUsage:
    unused = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    return x509.KeyUsage(
        digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority, **unused
    )


@contextmanager
def temporary_internet(folder: Path, address: str, **names: str) -> Iterator[Internet]:
    """Start the stand-ins, and stop them at the end. Raises CannotRun."""
    internet = Internet(folder, address, **names)
    try:
        internet.start()
        yield internet
    finally:
        internet.stop()
