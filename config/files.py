"""Decide where the site's files are stored, on the disk or in a bucket, and who on this computer may read them."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

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


def make_bucket_storages(bucket: str, media_url: str) -> dict[str, dict]:
    """Return STORAGES for one S3-compatible bucket: pictures for everybody, the rest only by signed URLs.

    Pictures have URLs under MEDIA_URL if that is an absolute URL.
    """
    common = {
        "bucket_name": bucket,
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
        "region_name": os.environ.get("S3_REGION") or None,
        "access_key": os.environ.get("S3_ACCESS_KEY") or None,
        "secret_key": os.environ.get("S3_SECRET_KEY") or None,
        "addressing_style": "path",
        "signature_version": "s3v4",
        "default_acl": None,
        # Names are unguessable or may be overwritten; checking first would take a request a file.
        "file_overwrite": True,
    }
    public = {"location": "media", "querystring_auth": False, "object_parameters": FOR_EVER}
    scheme, found, host = media_url.rstrip("/").partition("://")
    if found:
        # The URL is that of the folder itself: the storage would add its own name once more.
        public |= {"custom_domain": host.removesuffix("/media"), "url_protocol": f"{scheme}:"}
    return {
        "default": make_storage(common | public),
        "private": make_storage(common | {"location": "private", "querystring_expire": 300}),
        "intake": make_storage(common | {"location": "intake"}),
    }


def make_storage(options: dict) -> dict:
    return {"BACKEND": "media.buckets.BucketStorage", "OPTIONS": options}
