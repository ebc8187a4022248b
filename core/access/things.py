"""One of the caller's own needs, offers or facts, of whatever kind, for saying something about it."""

from __future__ import annotations

from typing import Any

from core.access.records import Record, access_record, check_one, suggest_records
from core.errors import N_, NotFound
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED
from core.rules.kinds import WRITTEN


def my_thing(context: Context, words: str) -> Record:
    """An open need, offer or fact of the actor's own, by handle or by words in it. Raises `NotFound`, `Ambiguous`."""
    found = []
    for kind in WRITTEN:
        try:
            found.append(access_record(context, kind, words))
        except NotFound:
            continue
    check_one(found)
    if not found:
        raise NotFound(N_("I found nothing of yours that fits “{name}”."), name=words)
    return found[0]


class ThingField(Reference):
    """One of the caller's own open needs, offers or facts: by handle (#k7m2p) or by words in it."""

    kind = "record"

    def resolve(self, value: Any, context: Context) -> Record:
        """See `Field.resolve`."""
        return my_thing(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        found = [pair for kind in WRITTEN for pair in suggest_records(context, kind, typed, SUGGESTED)]
        return found[:SUGGESTED]
