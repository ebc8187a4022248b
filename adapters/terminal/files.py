"""Files between this machine and the conversation."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from pathlib import Path

from adapters.contract import Attachment, File, Gone
from adapters.terminal.translate import attachment_of

_STRANGE = re.compile(r"[^\w.,()+ -]+")


def look_up(path: str) -> Attachment | None:
    """The file at a path (relative ones from here, `~` is home); None when there is no such file."""
    try:
        found = Path(path).expanduser().resolve()
        return attachment_of(found, found.stat().st_size) if found.is_file() else None
    except (OSError, RuntimeError, ValueError):  # no such home, a name the system cannot hold
        return None


def read(reference: str) -> bytes:
    """The bytes of an attached file. Raises `Gone` when it is not there any more."""
    try:
        return Path(reference).read_bytes()
    except (OSError, ValueError) as error:
        raise Gone("the attached file is not there any more") from error


def save(files: Sequence[File], folder: Path) -> tuple[str, ...]:
    """Write files into the folder under names not taken yet. Returns a line to show for each, failures included."""
    return tuple(_save(file, folder) for file in files)


def _save(file: File, folder: Path) -> str:
    try:
        content = Path(file.path).read_bytes() if file.path else base64.b64decode(file.content, validate=True)
        folder.mkdir(parents=True, exist_ok=True)
        return f"Saved {_write(folder, _safe(file.name), content)}"
    except (OSError, ValueError, binascii.Error):
        return f"{_safe(file.name)} could not be saved in {folder}."


def _write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    count = 1
    while True:
        try:
            with path.open("xb") as out:
                out.write(content)
            return path
        except FileExistsError:
            count += 1
            path = folder / f"{Path(name).stem}-{count}{Path(name).suffix}"


def _safe(name: str) -> str:
    """A name that stays inside the folder, is visible, and is short enough for every file system."""
    base = _STRANGE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, suffix = Path(base).stem, Path(base).suffix
    return f"{stem.encode()[:120].decode(errors='ignore')}{suffix[:12]}" if stem else "file"
