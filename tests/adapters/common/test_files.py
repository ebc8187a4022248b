"""The files of a reply."""

import base64
from pathlib import Path

import pytest

from adapters.common.files import load
from adapters.contract import DeliveryError, File, Gone


async def test_content_comes_from_a_path_or_from_base64(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"from a file")
    assert await load(File("notes.txt", "text/plain", path=str(path))) == b"from a file"
    assert await load(File("notes.txt", "text/plain", content=base64.b64encode(b"inline").decode())) == b"inline"


async def test_what_cannot_be_read_is_said_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(Gone) as gone:
        await load(File("notes.txt", "text/plain", path=str(tmp_path / "secret")))
    assert str(gone.value) == "a file to be sent cannot be read (FileNotFoundError)"
    with pytest.raises(DeliveryError, match="a file to be sent is not valid base64"):
        await load(File("notes.txt", "text/plain", content="not base64!"))
