"""The site's storage in an S3-compatible bucket; a separate module, because its library takes a second to load."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from media.storages import HELD, Holding, StorageUnavailable, Turns

CONNECT_SECONDS = 3
# The first try and one more: a page waits for them, and the worker comes back by itself.
TRIES = 2


@contextmanager
def ask() -> Iterator[None]:
    """Wait for a turn, and raise StorageUnavailable for whatever the library raises but a missing file."""
    with Turns.take():
        try:
            yield
        except ClientError as error:
            is_missing = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404
            if is_missing and error.response.get("Error", {}).get("Code") != "NoSuchBucket":
                raise FileNotFoundError(str(error)) from error
            raise StorageUnavailable(errno.EIO, str(error)) from error
        except (Boto3Error, BotoCoreError, RetriesExceededError) as error:
            raise StorageUnavailable(errno.EIO, str(error)) from error


class AskedStorage(S3Storage):
    """The library's storage with this site's limits: each request waits for its turn, and ends in time."""

    # Options (config.files) that the library does not know; `copied_from` is the bucket's name where `bucket_name` is not.
    checksums: str
    timeout_seconds: float
    copied_from: str
    client_config: Config

    def __init__(self, **options: Any) -> None:
        if options.get("addressing_style") == "domain":
            label, endpoint = split_domain(options["endpoint_url"])
            options |= {"copied_from": options["bucket_name"], "bucket_name": label}
            options |= {"endpoint_url": endpoint, "addressing_style": "virtual"}
        super().__init__(**options)
        self.client_config = self.client_config.merge(
            Config(
                request_checksum_calculation=self.checksums,
                response_checksum_validation=self.checksums,
                connect_timeout=min(CONNECT_SECONDS, self.timeout_seconds),
                read_timeout=self.timeout_seconds,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
            )
        )
        self.transfer_config = TransferConfig(num_download_attempts=TRIES)

    def get_default_settings(self) -> dict:
        ours = {"checksums": "when_required", "timeout_seconds": 10, "copied_from": ""}
        return super().get_default_settings() | ours

    def _open(self, name: str, mode: str = "rb") -> File:
        """Return the file with its content: fetched later, a failure would look like a file that cannot be read."""
        with ask():
            file = S3File(self._normalize_name(clean_name(name)), mode, self)
            file.open()
            received = file.seek(0, os.SEEK_END)
            file.seek(0)
        if "r" in mode and received != file.size:  # a copy of the site would be filled up with zeros
            raise StorageUnavailable(errno.EIO, f"{name}: {received} bytes received of {file.size}")
        return file

    def _save(self, name: str, content: File) -> str:
        with ask():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with ask():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with ask():
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with ask():
            return super().listdir(name)

    def size(self, name: str) -> int:
        with ask():
            return super().size(name)

    def get_modified_time(self, name: str) -> datetime:
        with ask():
            return super().get_modified_time(name)


class BucketStorage(Holding, AskedStorage):
    def hold(self, name: str) -> None:
        """Let the bucket copy the file; only the first one deleted under a name belongs to the running site copy."""
        here, there = self._normalize_name(name), self._normalize_name(f"{HELD}/{name}")
        if self.exists(name) and not self.exists(f"{HELD}/{name}"):
            bucket = self.copied_from or self.bucket_name
            with ask():
                self.bucket.Object(there).copy_from(CopySource={"Bucket": bucket, "Key": here})

    def replace(self, name: str, content: File) -> None:
        """Write a file in one request: a bucket replaces an existing one."""
        self.save(name, content)


def split_domain(endpoint: str) -> tuple[str, str]:
    """Return the first label of a bucket's own domain and the URL of the rest, of which the library makes the same domain.

    It knows no bucket without a name in the host or the path; a signature of version 4 does not contain the name.
    """
    scheme, _slashes, host = endpoint.rstrip("/").partition("://")
    label, _dot, rest = host.partition(".")
    return label, f"{scheme}://{rest}"
