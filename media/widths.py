"""Which widths a photo exists in: a small one is not blown up, so its largest is its own."""

from collections.abc import Sequence


def existing(width: int, wanted: Sequence[int]) -> list[int]:
    """existing(4000, (320, 720, 1200)) → [320, 720, 1200]; a width of 500 gives [320, 500]."""
    most = min(width, max(wanted))
    return [one for one in wanted if one < most] + [most]
