"""Roles of a platform as people name them: by name, @name or mention, among those of the server at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.errors import N_, Ambiguous, BadInput, NotFound
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED
from core.people.people import fold
from core.places import places
from core.places.maps import EVERYONE, ground_of, mappings

_MENTION = re.compile(r"<(?:@&|!subteam\^)([0-9A-Za-z]+)(?:\|[^>]*)?>")
_EVERYONE = frozenset({"*", "everyone", "everybody", "all", "anyone", "@everyone", "everyone here"})
_AROUND = re.compile(r"^(?:the )?(?:role )?(.*?)(?: role)?$")


@dataclass(frozen=True, slots=True)
class PlatformRole:
    """A role on a platform: its id there ("*" for everybody) and its name."""

    id: str
    name: str


def roles_here(context: Context) -> list[PlatformRole]:
    """The roles of the server or workspace at hand, highest first, and those that are mapped there though gone."""
    found = {role: name for role, name in context.where.roles if fold(name).removeprefix("@") != "everyone"}
    if context.where.place_id:
        chat = places.place_of(context.unit, context.where.place_id)
        ground, _ = ground_of(context.unit, chat.platform, chat.workspace, chat.external_id)
        for one in mappings(context.unit, chat.platform, ground):
            if one.external_role != EVERYONE:
                found.setdefault(one.external_role, one.title)
    return [PlatformRole(role, name) for role, name in found.items()]


class PlatformRoleField(Reference):
    """A role on the platform: by name, @name, mention or id; "everyone" is everybody there."""

    kind = "platform_role"

    def resolve(self, value: Any, context: Context) -> PlatformRole:
        """See `Field.resolve`."""
        mention = _MENTION.fullmatch(value)
        wanted = f"={mention[1]}" if mention else str(value)
        if wanted == f"={EVERYONE}" or fold(wanted) in _EVERYONE:
            return PlatformRole(EVERYONE, N_("everyone"))
        known = roles_here(context)
        if not known:
            raise BadInput(
                N_("I know of no roles here. Where a platform has roles of its own, I can let them count in a Nexus.")
            )
        if wanted.startswith("="):
            found = [role for role in known if role.id == wanted[1:]]
        else:
            found = _named(fold(wanted.strip("\"'“”")), known)
        if len(found) > 1:
            raise Ambiguous(
                N_("There are several roles like {name}: {choices}. Which one do you mean?"),
                name=value,
                choices=", ".join(dict.fromkeys(role.name for role in found[:5])),
            )
        if not found:
            raise NotFound(N_("There is no role called {name} here."), name=value)
        return found[0]

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed).removeprefix("@")
        fits = [r for r in (*roles_here(context), PlatformRole(EVERYONE, N_("everyone"))) if part in fold(r.name)]
        fits.sort(key=lambda role: not fold(role.name).removeprefix("@").startswith(part))
        return [(role.name, f"={role.id}") for role in fits[:SUGGESTED]]


def _named(name: str, known: list[PlatformRole]) -> list[PlatformRole]:
    """The roles that fit best: called so, else beginning so, else with it inside."""
    around = _AROUND.fullmatch(name)
    for form in (name, around[1] if around else ""):
        form = form.removeprefix("@")
        if not form:
            continue
        names = [(role, fold(role.name).removeprefix("@")) for role in known]
        for fits in (
            [role for role, folded in names if folded == form or role.id.casefold() == form],
            [role for role, folded in names if folded.startswith(form)],
            [role for role, folded in names if form in folded],
        ):
            if fits:
                return fits
    return []
