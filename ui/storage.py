"""Where collected static files lie: under hashed names, sheets without the blanks and comments of their source."""

from __future__ import annotations

import rcssmin
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File


class SmallStaticFilesStorage(ManifestStaticFilesStorage):
    """A page shows no word before its sheets have come; on a slow line every kilobyte of them is 50 ms."""

    def _save(self, name: str, content: File) -> str:
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(rcssmin.cssmin(content.read().decode()).encode(), name)
        return super()._save(name, content)
