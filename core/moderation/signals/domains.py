"""Known bad domains: a set loaded from any lines an operator has (a file, a page), asked for a host and its parents.

No list ships with the project: they change daily, and their licences differ. Fetching is somebody else's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.moderation.text.letters import plain

_DOMAIN = re.compile(r"[^\s/]{1,250}\.[^\s/.*]{2,}")
_LEADING = re.compile(r"^(?:0\.0\.0\.0\s+|127\.0\.0\.1\s+|::1?\s+|\|\|)")


class Domains:
    """A set of domains; a host matches when it or a domain above it is in the set."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Lines with one domain each. Comments (#, !), hosts files (0.0.0.0 bad.com), filter lists (||bad.com^), links
        and the first column of a CSV are understood; lines without a domain are passed over. A link with a path
        (bit.ly/abc) stands for that one address, never for everything at its host."""
        self._hashes = {hash(entry) for line in lines for entry in _entries(line)}

    def __len__(self) -> int:
        return len(self._hashes)

    def match(self, host: str, path: str = "") -> str | None:
        """The listed domain that this host is or belongs to, or the listed address, or None. An entry that is a whole
        ending ("com") would match everything and is not taken in."""
        name = _ascii(host)
        address = name + path.lower().rstrip("/")
        if path and hash(address) in self._hashes:
            return address
        while "." in name:
            if hash(name) in self._hashes:
                return name
            name = name.partition(".")[2]
        return None


def _entries(line: str) -> Iterator[str]:
    line = _LEADING.sub("", line.strip().lower())
    if not line or line[0] in "#!;[":
        return
    entry = line.split(" #")[0].strip().split(",")[0].strip("\"'").rstrip("^")
    host, _, path = entry.rpartition("://")[2].partition("/")
    host = re.sub(r":\d+$", "", host.rpartition("@")[2]).removeprefix("*.").removeprefix("www.").strip(".")
    if _DOMAIN.fullmatch(host):
        yield _ascii(host) + (f"/{path.rstrip('/')}" if path.strip("/") else "")


def _ascii(host: str) -> str:
    """A host in the form the network uses; letters that only look like others stay what they are there."""
    host = host.lower().strip(".").partition(":")[0]
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return plain(host)
