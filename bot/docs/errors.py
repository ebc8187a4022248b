"""docs/reference/errors.md, from the error classes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import bot.app
import bot.installations.seal
import bot.settings
import bot.transfer.carry
import bot.transfer.postgres  # noqa: F401 - their errors belong on the page
import core.store.lock
import core.store.migrate  # noqa: F401
from bot.docs.reference import HEAD
from core.errors import NexusError


def _classes(base: type[NexusError] = NexusError) -> Iterator[type[NexusError]]:
    for found in base.__subclasses__():
        yield found
        yield from _classes(found)


def errors_page() -> str:
    """docs/reference/errors.md."""
    lines = [
        HEAD,
        "# Errors\n",
        "A refusal carries a stable code, data, and a sentence for people. `nexus do` prints code and sentence as "
        "JSON and exits with 1, or with 2 where the call itself was wrong.\n",
        "| code | meaning | may a model try again? |",
        "|---|---|---|",
    ]
    for found in sorted(_classes(), key=lambda c: c.code):
        about = " ".join(inspect.getdoc(found).split()) if found.__doc__ else ""  # type: ignore[union-attr]
        lines.append(f"| `{found.code}` | {about} | {'yes' if found.may_retry else 'no'} |")
    return "\n".join(lines) + "\n"
