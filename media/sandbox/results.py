"""The results of decoding a stranger's file, shared by the caller and the limited child, so it imports no library."""

from collections.abc import Sequence


class Unusable(Exception):
    """Raised for an unusable file. `reason`: broken (cannot be decoded), large (too many pixels) or costly (too much memory
    or time).

    For a PDF also locked (encrypted) or acts (active content); for an office file what `media.documents.office` says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DecodedPictures:
    """`width` and `height` of the upright original in pixels; `files`: WebP contents by width."""

    def __init__(self, width: int, height: int, files: dict[int, bytes]) -> None:
        self.width, self.height, self.files = width, height, files


def list_available_widths(width: int, wanted: Sequence[int]) -> list[int]:
    """Return the widths a photo exists in; a small one is not enlarged, so its largest is its own.

    list_available_widths(4000, (320, 720, 1200)) → [320, 720, 1200]; a width of 500 gives [320, 500].
    """
    most = min(width, max(wanted))
    return [one for one in wanted if one < most] + [most]
