"""`make docs`: write every generated file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.docs.errors import errors_page
from bot.docs.example import example_config
from bot.docs.reference import commands_page, operations_page, settings_page
from bot.docs.transcripts import PAGES, refresh

ROOT = Path(__file__).resolve().parents[2]
FILES: dict[str, Callable[[], str]] = {
    "config.example.toml": example_config,
    "docs/reference/operations.md": operations_page,
    "docs/reference/settings.md": settings_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/errors.md": errors_page,
}


def main() -> None:
    """Write what has changed."""
    texts = {name: make() for name, make in FILES.items()}
    texts |= {name: refresh((ROOT / name).read_text(encoding="utf-8")) for name in PAGES}
    for name, text in texts.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
