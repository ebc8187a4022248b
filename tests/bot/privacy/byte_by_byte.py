"""A look at every byte of a store's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def files_of(store: Path) -> Iterator[Path]:
    """The store and all that lies beside it under its name: the log, the index of that, copies."""
    yield from sorted(path for path in store.parent.iterdir() if path.name.startswith(store.stem) and path.is_file())


def forms(words: Iterable[str]) -> set[bytes]:
    """How words may be written there: as they are, in small letters, and in the escapes of JSON."""
    found = set()
    for word in words:
        for one in (word, word.casefold(), word.encode("ascii", "backslashreplace").decode("ascii")):
            found |= {one.encode("utf-8"), one.encode("utf-16-le")}
    return found


def where(store: Path, words: Iterable[str]) -> list[tuple[str, bytes]]:
    """In which files which of these words stand. Small and capital letters are the same."""
    wanted = {one.lower() for one in forms(words)}
    contents = {path.name: path.read_bytes().lower() for path in files_of(store)}
    return [(name, one) for name, content in contents.items() for one in sorted(wanted) if one in content]
