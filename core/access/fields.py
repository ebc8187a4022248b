"""Argument types that refer to a person, a Nexus or a record, resolved within what the caller may know of."""

from __future__ import annotations

from typing import Any

from core.access.nexuses import access_named_nexus, access_nexus, suggest_nexuses
from core.access.people import access_person, frozen, suggest_people
from core.access.records import Record, access_record, suggest_records
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED
from core.people.people import Person


class PersonField(Reference):
    """A person: by name, first name, @username, or "me"."""

    kind = "person"

    def resolve(self, value: Any, context: Context) -> Person:
        """See `Field.resolve`."""
        return access_person(context, value)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return frozen(value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        return suggest_people(context, typed, SUGGESTED)


class NexusField(Reference):
    """A Nexus: by name, slug, or "here".

    With `as_caller` also one that the caller alone knows and names in full, whoever listens: for saying that listeners
    may know one.
    """

    kind = "nexus"

    def __init__(self, about: str, *, as_caller: bool = False) -> None:
        super().__init__(about)
        self.as_caller = as_caller

    def resolve(self, value: Any, context: Context) -> Nexus:
        """See `Field.resolve`."""
        return access_named_nexus(context, value) if self.as_caller else access_nexus(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        return suggest_nexuses(context.private() if self.as_caller else context, typed, SUGGESTED)


class RecordField(Reference):
    """One of the caller's own open thoughts, needs or offers: by handle (#k7m2p) or by words in it."""

    kind = "record"

    def __init__(self, about: str, record_kind: str) -> None:
        super().__init__(about)
        self.record_kind = record_kind

    def resolve(self, value: Any, context: Context) -> Record:
        """See `Field.resolve`."""
        return access_record(context, self.record_kind, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        return suggest_records(context, self.record_kind, typed, SUGGESTED)
