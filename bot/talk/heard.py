"""What a line of talk is marked with: the records it speaks of, who heard it, and which Nexuses it was about.

So that memory keeps to the rules: a line is recalled only for listeners each of whom could have heard it when it was
said, who may hear now what it speaks of, and where all of it may go to the provider of the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from core.access.again import those_recallable
from core.operations import Audience, AudienceKind
from core.providers.consents import decision_for
from core.store import Unit

MOST = 200  # records that one line may speak of: a model has each in mind that stood before it, so they add up
_NAMED = 20  # listeners that are named in a mark; of more there is a digest, which fits only exactly the same
_ALONE, _ANYBODY = "alone", "public"


@dataclass(frozen=True, slots=True)
class Mark:
    """See above. `heard` is made by `listeners`."""

    heard: str
    records: frozenset[int] = frozenset()
    nexuses: frozenset[int] = frozenset()

    def with_all_of(self, *others: Mark) -> Mark:
        """Heard by the same, and about all that any of them is about."""
        return Mark(
            self.heard,
            self.records.union(*(other.records for other in others)),
            self.nexuses.union(*(other.nexuses for other in others)),
        )


def dump_mark(mark: Mark) -> dict[str, Any]:
    """As JSON values."""
    return {"records": sorted(mark.records), "heard": mark.heard, "nexuses": sorted(mark.nexuses)}


def load_mark(data: dict[str, Any] | None) -> Mark | None:
    """What `dump_mark` wrote; None for a line from before there were marks, of which nothing is known."""
    return Mark(data["heard"], frozenset(data["records"]), frozenset(data["nexuses"])) if data else None


@lru_cache(maxsize=1024)
def read_mark(stored: str | None) -> Mark | None:
    """The mark of a line as it is stored: many lines have the same."""
    return load_mark(json.loads(stored)) if stored else None


def listeners(audience: Audience) -> str:
    """Who hears, as one word. Whoever speaks to us alone does so in a lane of their own, so they need no name.

    Somebody unknown may be anybody: what is said to them is said to all.
    """
    match audience.kind:
        case AudienceKind.PERSON:
            return _ALONE
        case AudienceKind.MEMBERS:
            return f"members:{audience.nexus_id}"
        case AudienceKind.PEOPLE if not audience.anybody:
            people = sorted(set(audience.people))
            if len(people) <= _NAMED:
                return "people:" + ",".join(map(str, people))
            return "many:" + blake2b(",".join(map(str, people)).encode(), digest_size=16).hexdigest()
    return _ANYBODY


def reaches(said: str, now: str) -> bool:
    """Whether all of those who listen now were among those who heard it then."""
    if said in (now, _ANYBODY):
        return True
    then_kind, _, then = said.partition(":")
    kind, _, people = now.partition(":")
    return then_kind == kind == "people" and set(people.split(",")) <= set(then.split(","))


def usable(unit: Unit, audience: Audience, marks: Iterable[Mark | None]) -> list[bool]:
    """For each mark, whether what carries it may be recalled for this audience, and shown to the model."""
    found = list(marks)
    now = listeners(audience)
    near = [m for m in found if m is not None and reaches(m.heard, now) and len(m.records) <= MOST]
    records = frozenset().union(*(m.records for m in near))
    fine = those_recallable(unit, audience, records)
    open_to = {n for n in frozenset().union(*(m.nexuses for m in near)) if decision_for(unit, n).allowed}
    good = {m for m in near if m.records <= fine and m.nexuses <= open_to}
    return [m in good for m in found]
