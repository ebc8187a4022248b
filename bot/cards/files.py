"""Files that go with an answer: packed where they are large, refused where no platform would take them."""

from __future__ import annotations

import base64
import io
import zipfile

from adapters.contract import File

MEGABYTE = 1 << 20
ZIPPED_FROM = MEGABYTE  # bytes from which on a file is packed
LARGEST = 8 * MEGABYTE  # what every platform takes, and an answer on its way may hold


class TooLarge(Exception):
    """Even packed it is more than can be sent. `megabytes` is how much it is."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.megabytes = f"{size / MEGABYTE:.1f}"


def attached(name: str, media_type: str, content: bytes) -> File:
    """The file as it is sent. Raises `TooLarge`."""
    if len(content) > ZIPPED_FROM:
        content, name, media_type = _packed(name, content), f"{name}.zip", "application/zip"
    if len(content) > LARGEST:
        raise TooLarge(len(content))
    return File(name, media_type, content=base64.b64encode(content).decode("ascii"))


def _packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, content)
    return out.getvalue()
