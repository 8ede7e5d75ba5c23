"""Photos, private documents, resumable uploads, and videos."""

from media.models.document import Document
from media.models.photo import Photo, make_file_url
from media.models.processed import ProcessedQuerySet, make_key
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
    "make_file_url",
    "make_key",
]
