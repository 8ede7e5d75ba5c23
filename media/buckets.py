"""The site's storage in an S3-compatible bucket; a separate module, because its library takes a second to load."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

from media.storages import HELD, Holding

# A bucket that does not answer must not hold the threads that pages need: by itself the library waits for five minutes.
PATIENCE = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2})


class BucketStorage(Holding, S3Storage):
    client_config: Any

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config = self.client_config.merge(PATIENCE)

    def hold(self, name: str) -> None:
        """Let the bucket copy the file; only the first one deleted under a name belongs to the running site copy."""
        here, there = self._normalize_name(name), self._normalize_name(f"{HELD}/{name}")
        if self.exists(name) and not self.exists(f"{HELD}/{name}"):
            self.bucket.Object(there).copy_from(CopySource={"Bucket": self.bucket_name, "Key": here})
