"""Decide where the site's files are stored, on the disk or in a bucket, and who on this computer may read them."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Files that a process of the site creates belong to its user alone, unless a mode below says otherwise.
UMASK = 0o077
# Names of public files are unguessable and their content never changes.
FOR_EVER = {"CacheControl": "public, max-age=31536000, immutable"}


def get_file_mode(group_reads: bool) -> int:
    return 0o640 if group_reads else 0o600


def get_folder_mode(group_reads: bool) -> int:
    return 0o750 if group_reads else 0o700


def close_to_others(folders: Iterable[Path]) -> None:
    """Remove other users' permissions, which an older release or another umask may have given, from each folder and its
    direct contents.

    What is deeper cannot be reached through a closed folder.
    """
    for folder in folders:
        for path in (folder, *(folder.iterdir() if folder.is_dir() else ())):
            close(path)


def close(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:  # SQLite removes its log when the last connection is closed
        return
    if mode & UMASK and not path.is_symlink():
        path.chmod(mode & ~UMASK)


def is_open_to_others(path: Path) -> bool:
    """Return whether somebody who is neither the owner nor in the group may do anything with it."""
    return path.exists() and bool(stat.S_IMODE(os.stat(path).st_mode) & 0o007)


def is_older_than_sources(manifest: Path, root: Path) -> bool:
    """Return whether any style or script of the code in `root` is newer than the copies that the manifest lists."""
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    sources = [root / "requirements.txt", *root.glob("*/static/**/*")]
    return any(path.is_file() and path.stat().st_mtime > collected for path in sources)


def read_or_make_secret(path: Path) -> str:
    """Return the key in the file, made on first use and readable by its owner only."""
    if not path.exists():
        try:
            with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(60))
        except FileExistsError:
            pass
    return path.read_text().strip()


def make_disk_storages(intake: Path, private: Path) -> dict[str, dict]:
    """Return STORAGES on this computer's disk: pictures for everybody, original uploads, and private files.

    Private files (films, documents) are sent only after a permission check.
    """
    own = {"base_url": None, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {
        "default": {"BACKEND": "media.storages.DiskStorage"},
        "intake": {"BACKEND": "media.storages.DiskStorage", "OPTIONS": {"location": intake} | own},
        "private": {
            "BACKEND": "media.storages.DiskStorage",
            "OPTIONS": {"location": private, "base_url": None},
        },
    }


# How a request names the bucket: https://endpoint/bucket/file, https://bucket.endpoint/file, or https://endpoint/file where
# the endpoint is a domain bound to the bucket.
ADDRESSINGS = ("path", "virtual", "domain")
# When requests carry a checksum beyond the signature: many stores other than AWS refuse those that AWS only supports.
CHECKSUMS = ("when_required", "when_supported")
# The signature's version: 4, or 2.
SIGNATURES = ("s3v4", "s3")


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    """Return the setting's value, the first choice if it is not set. Raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is “{value}”. Set one of: {', '.join(choices)}.")
    return value


def read_seconds(name: str, default: float) -> float:
    try:
        seconds = float(os.environ.get(name, "") or default)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 600:
        raise ImproperlyConfigured(f"{name} must be a number of seconds between 0 and 600.")
    return seconds


def make_bucket_storages(bucket: str) -> dict[str, dict]:
    """Return STORAGES for one S3-compatible bucket: pictures for everybody (under MEDIA_URL), the rest only by signed URLs.

    Raises ImproperlyConfigured.
    """
    endpoint, addressing = os.environ.get("S3_ENDPOINT_URL", ""), read_choice("S3_ADDRESSING", ADDRESSINGS)
    common = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": os.environ.get("S3_REGION") or None,
        "access_key": os.environ.get("S3_ACCESS_KEY") or None,
        "secret_key": os.environ.get("S3_SECRET_KEY") or None,
        "addressing_style": addressing,
        "signature_version": read_choice("S3_SIGNATURE", SIGNATURES),
        "checksums": read_choice("S3_CHECKSUMS", CHECKSUMS),
        "timeout_seconds": read_seconds("S3_TIMEOUT_SECONDS", 10),
        "default_acl": None,
        # Names are unguessable or may be overwritten; checking first would take a request a file.
        "file_overwrite": True,
    }
    if addressing == "domain" and (not endpoint or common["signature_version"] == "s3"):
        raise ImproperlyConfigured("S3_ADDRESSING=domain needs S3_ENDPOINT_URL and S3_SIGNATURE=s3v4.")
    public = {"location": "media", "querystring_auth": False, "object_parameters": FOR_EVER}
    return {
        "default": make_storage(common | public),
        "private": make_storage(common | {"location": "private", "querystring_expire": 300}),
        "intake": make_storage(common | {"location": "intake"}),
    }


def make_bucket_url(bucket: str) -> str:
    """Return the bucket's own URL as browsers see it, without a slash at its end."""
    addressing, region = read_choice("S3_ADDRESSING", ADDRESSINGS), os.environ.get("S3_REGION", "")
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    aws = f"https://s3.{region}.{domain}" if region else f"https://s3.{domain}"
    endpoint = (os.environ.get("S3_ENDPOINT_URL") or aws).rstrip("/")
    scheme, _slashes, host = endpoint.partition("://")
    return {
        "path": f"{endpoint}/{bucket}",
        "virtual": f"{scheme}://{bucket}.{host}",
        "domain": endpoint,
    }[addressing]


def list_origins(*urls: str) -> list[str]:
    """Return the scheme and host of those that have one, for the content security policy."""
    parts = [urlsplit(url) for url in urls]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts if part.netloc))


def make_storage(options: dict) -> dict:
    return {"BACKEND": "media.buckets.storage.BucketStorage", "OPTIONS": options}
