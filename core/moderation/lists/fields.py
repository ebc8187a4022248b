"""How people name a ban list, and to whom one is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.access.fields import NexusField
from core.access.names import best_named
from core.errors import N_, NotFound
from core.moderation.lists import follows, shares
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import fold

_EVERYONE = frozenset(
    "everyone|everybody|anyone|anybody|all|any|others|everyone here|every nexus|any nexus|all nexuses|all of them|"
    "every nexus here|any nexus here|all communities|every community|any community".split("|")
)


@dataclass(frozen=True, slots=True)
class Named:
    """A Nexus by its id and name; `shares.ANY` is every one."""

    id: int
    name: str


EVERY = Named(shares.ANY, N_("every Nexus here"))


class ReaderField(NexusField):
    """Who may follow: a Nexus that the caller knows, or "everyone"."""

    def resolve(self, value: Any, context: Context) -> Any:
        """See `Field.resolve`."""
        if value == f"={shares.ANY}" or fold(value) in _EVERYONE:
            return EVERY
        found = super().resolve(value, context)
        return Named(found.id, found.name)


class ListField(Reference):
    """A list by the Nexus whose it is: among those that are shared with the Nexus here, or that it follows.

    Which others there are is told to nobody.
    """

    kind = "nexus"

    def __init__(self, about: str, *, followed: bool = False) -> None:
        super().__init__(about)
        self._followed = followed

    def resolve(self, value: Any, context: Context) -> Named:
        """See `Field.resolve`."""
        known = self._known(context)
        number = frozen_id(value)
        if number is not None:
            chosen = next((one for one in known if one.id == number), None)
        else:
            wanted = fold(value.removeprefix("the ").removesuffix(" nexus"))
            chosen = best_named(wanted, [(one, fold(one.name)) for one in known])
        if chosen is None:
            template = (
                N_("{here} follows no ban list of {name}.")
                if self._followed
                else N_("I know no ban list of {name} that {here} may follow. A steward there can share it.")
            )
            raise NotFound(template, name=value, here=nexus_of(context.unit, context.nexus_id).name)
        return chosen

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed)
        return [(one.name, f"={one.id}") for one in self._known(context) if part in fold(one.name)][:SUGGESTED]

    def _known(self, context: Context) -> Sequence[Named]:
        unit, here = context.unit, context.nexus_id
        if self._followed:
            sources = [one.source_id for one in follows.followed_by(unit, here)]
            return [Named(source, nexus_of(unit, source).name) for source in sources]
        return [Named(*one) for one in shares.offered_to(unit, here)]
