"""Photos, private documents, uploads that may be taken up again, and videos."""

from media.models.document import Document
from media.models.photo import Photo, PhotoQuerySet, file_url, new_key
from media.models.upload import Upload
from media.models.video import Video, VideoPart, VideoQuerySet
from media.models.voice import Voice

__all__ = [
    "Document",
    "Photo",
    "PhotoQuerySet",
    "Upload",
    "Video",
    "VideoPart",
    "VideoQuerySet",
    "Voice",
    "file_url",
    "new_key",
]
