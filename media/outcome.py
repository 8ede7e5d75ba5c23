"""What comes of a stranger's file: shared by the process that asks and the limited one that opens it, so it imports nothing."""


class Unusable(Exception):
    """`reason`: broken (cannot be decoded), large (more pixels than allowed) or costly (more memory or time than allowed);
    of a PDF also locked (encrypted) or acts (something in it runs)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Made:
    """`width` and `height` of the upright original in pixels; `files`: WebP contents by their width."""

    def __init__(self, width: int, height: int, files: dict[int, bytes]) -> None:
        self.width, self.height, self.files = width, height, files
