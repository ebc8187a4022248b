"""A mandate as somebody names it, among those that they may hear of.

Decision rule: whoever holds or proposed one may, and whoever decides about the money there; others, and every place
where several listen, as far as they may see the fund.
"""

from __future__ import annotations

from typing import Any

from core.access.books import called, decides_about_money, may_see_fund
from core.access.names import unknown
from core.errors import N_, Ambiguous
from core.operations.context import AudienceKind, Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import fold, numbers_of
from core.policies.mandates import Mandate, mandate_by_handle, mandate_of, mandates_held, mandates_in

_MINE = frozenset({"my", "mine", "me", "my mandate", "my own", "my own mandate"})
_IT = frozenset({"it", "this", "that", "mandate", "the mandate", "this mandate", "that mandate", "this one"})
_AROUND = ("the mandate ", "mandate ", "that of ", "the one of ", "for ", "of ", "the ")


def may_see_mandate(context: Context, found: Mandate) -> bool:
    """Whether the audience may hear of a mandate."""
    unit, me = context.unit, context.actor.person_id
    alone = context.audience.kind is AudienceKind.PERSON
    if alone and (me in (found.person_id, found.proposed_by) or decides_about_money(unit, me, found.nexus_id)):
        return True
    return may_see_fund(unit, context.audience, found.nexus_id)


def known_mandates(context: Context) -> list[Mandate]:
    """Those of the Nexus at hand, and the actor's own elsewhere, that may be named here: held or waiting."""
    mine = mandates_held(context.unit, numbers_of(context.unit, context.actor.person_id))
    found = {one.id: one for one in (*mandates_in(context.unit, context.nexus_id), *mine)}
    return [one for one in found.values() if may_see_mandate(context, one)]


def access_mandate(context: Context, words: str) -> Mandate:
    """The mandate that somebody named: by short name, by its holder, or "it" for the only one. Raises `NotFound`,
    `Ambiguous`."""
    number, bare = frozen_id(words), fold(words.strip("\"'“” "))
    known = known_mandates(context)
    named = _by_number(context, number) if number is not None else mandate_by_handle(context.unit, bare)
    if named is not None and may_see_mandate(context, named):
        return named
    found = [] if number is not None else _fitting(context, known, bare)
    if len(found) > 1:
        raise Ambiguous(
            N_("Several mandates fit: {choices}. Which one do you mean? Its short name (#…) is enough."),
            choices="; ".join(f"#{one.handle} {label_of(context, one)}" for one in found[:5]),
        )
    if not found:
        raise unknown(N_("I know no mandate that fits “{name}” and that I may speak of here."), words, [])
    return found[0]


def _by_number(context: Context, number: int) -> Mandate | None:
    try:
        return mandate_of(context.unit, number)
    except LookupError:
        return None


def _fitting(context: Context, known: list[Mandate], bare: str) -> list[Mandate]:
    if bare in _IT:
        return known
    if bare in _MINE:
        return [one for one in known if one.person_id == context.actor.person_id]
    bare = bare.removesuffix(" mandate").removesuffix("'s").removesuffix("’s")
    while any(bare.startswith(word) for word in _AROUND):
        bare = next(bare.removeprefix(word) for word in _AROUND if bare.startswith(word))
    names = {one.person_id: called(context.unit, context.audience, one.person_id) for one in known}
    said = {person_id: fold(name) for person_id, name in names.items() if name != N_("somebody")}
    people = {person_id for person_id, name in said.items() if name == bare}
    people = people or {person_id for person_id, name in said.items() if bare in name.split()}
    return [one for one in known if one.person_id in people]


def label_of(context: Context, found: Mandate) -> str:
    """A mandate in a few words."""
    name = called(context.unit, context.audience, found.person_id)
    return N_("{amount} for {name} to give").format(amount=found.amount, name=name)


class MandateField(Reference):
    """A mandate that the caller may hear of: by short name (#k7m2p), or by who holds it."""

    kind = "mandate"

    def resolve(self, value: Any, context: Context) -> Mandate:
        """See `Field.resolve`."""
        return access_mandate(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed.strip().removeprefix("#"))
        pairs = [(f"{label_of(context, one)} (#{one.handle})", f"={one.id}") for one in known_mandates(context)]
        return [pair for pair in pairs if part in fold(pair[0])][:SUGGESTED]
