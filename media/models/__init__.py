"""Photos, private documents, resumable uploads, and videos."""

from media.models.document import Document
from media.models.photo import Photo, file_url
from media.models.processed import ProcessedQuerySet, new_key
from media.models.upload import Upload
from media.models.video import Video, VideoPart
from media.models.voice import Voice

__all__ = [
    "Document",
    "Photo",
    "ProcessedQuerySet",
    "Upload",
    "Video",
    "VideoPart",
    "Voice",
    "file_url",
    "new_key",
]
