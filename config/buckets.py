"""Files in one S3-compatible bucket: pictures for everybody, the rest for nobody without a signed address."""

import os


def buckets(bucket: str, media_url: str) -> dict[str, dict]:
    """STORAGES for it. Pictures are addressed under MEDIA_URL when that is a whole address of its own."""
    common = {
        "bucket_name": bucket,
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
        "region_name": os.environ.get("S3_REGION") or None,
        "access_key": os.environ.get("S3_ACCESS_KEY") or None,
        "secret_key": os.environ.get("S3_SECRET_KEY") or None,
        "addressing_style": "path",
        "signature_version": "s3v4",
        "default_acl": None,
        # Our names are unguessable or ours to replace; asking first would cost a request a file.
        "file_overwrite": True,
    }
    public = {"location": "media", "querystring_auth": False, "object_parameters": KEPT}
    scheme, found, host = media_url.rstrip("/").partition("://")
    if found:
        # The address stands for the folder itself: the storage would add its own name once more.
        public |= {"custom_domain": host.removesuffix("/media"), "url_protocol": f"{scheme}:"}
    return {
        "default": place(common | public),
        "private": place(common | {"location": "private", "querystring_expire": 300}),
        "intake": place(common | {"location": "intake"}),
    }


KEPT = {"CacheControl": "public, max-age=31536000, immutable"}


def place(options: dict) -> dict:
    return {"BACKEND": "media.buckets.BucketStorage", "OPTIONS": options}
