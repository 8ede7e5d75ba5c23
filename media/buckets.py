"""The site's storage in an S3-compatible bucket; a separate module, because its library takes a second to load."""

from storages.backends.s3 import S3Storage

from media.storages import HELD, Holding


class BucketStorage(Holding, S3Storage):
    def hold(self, name: str) -> None:
        """Let the bucket copy the file; only the first one deleted under a name belongs to the running site copy."""
        here, there = self._normalize_name(name), self._normalize_name(f"{HELD}/{name}")
        if self.exists(name) and not self.exists(f"{HELD}/{name}"):
            self.bucket.Object(there).copy_from(CopySource={"Bucket": self.bucket_name, "Key": here})
