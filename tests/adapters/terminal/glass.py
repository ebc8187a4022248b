"""A terminal without a bottom: it understands the few escape sequences of prompt_toolkit and shows the result."""

from __future__ import annotations

import io
import re

_TOKEN = re.compile(
    r"\x1b\[(?P<private>\?)?(?P<n>[0-9;]*)(?P<code>[A-Za-z])|\x1b\][^\x07]*\x07|\x1b.|(?P<plain>[^\x1b])", re.S
)


class Glass(io.StringIO):
    """What a person would see, scroll-back included."""

    def text(self) -> str:
        """Every row, without spaces at the end."""
        rows: list[list[str]] = [[]]
        y = x = 0
        for token in _TOKEN.finditer(self.getvalue()):
            n = int(token["n"]) if (token["n"] or "").isdigit() else 0
            match token["code"] or token["plain"]:
                case "\r":
                    x = 0
                case "\n":
                    y += 1
                case "\b" | "\x07" | None:
                    x -= token["plain"] == "\b"
                case _ if token["private"]:
                    pass
                case "A" if token["code"]:
                    y = max(0, y - max(1, n))
                case "B" if token["code"]:
                    y += max(1, n)
                case "C" if token["code"]:
                    x += max(1, n)
                case "D" if token["code"]:
                    x = max(0, x - max(1, n))
                case "K" if token["code"]:
                    del rows[y][x:]
                case "J" if token["code"]:
                    del rows[y][x:], rows[y + 1 :]
                case character if token["plain"]:
                    rows[y] += [" "] * (x + 1 - len(rows[y]))
                    rows[y][x] = character
                    x += 1
            rows += [[] for _ in range(y + 1 - len(rows))]
        return "\n".join("".join(row).rstrip() for row in rows)
