"""Which grants and funds an audience may hear of, and who decides about money.

Decision rule: one person who listens alone sees what concerns them (they proposed it, receive it or give it) and what
is in a fund that they decide about. For everybody else, and for every place where several listen, the rules of the
Nexus say whether they may see what is of the kind `grant` or `fund`; in a place those need to allow quoting as well.
A draft is its proposer's alone. Whoever decides about money is owner, steward or treasurer there or above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select

from core.access.names import unknown
from core.access.people import may_know_person
from core.errors import N_, Ambiguous
from core.grants.grants import Grant, grant_by_handle, grant_of
from core.grants.states import OPEN, State
from core.grants.tables import grants
from core.nexuses.roles import OWNER, STEWARD, TREASURER
from core.nexuses.tables import membership, nexus, nexus_tree
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import fold, numbers_of, person_of
from core.rules.resolver import eyes_of, may_kind, said_as
from core.store import Unit

MONEY_ROLES = (OWNER, STEWARD, TREASURER)
LOOKED_AT = 200  # newest grants that one can name by words or by whom they are for
_IT = frozenset({"it", "this", "that", "this grant", "that grant", "the grant", "this one", "that one", "grant"})
_AROUND = ("the grant ", "grant ", "the one ", "for ", "to ", "from ", "about ", "the ")
_WORDS = N_("I know no grant that fits “{name}” and that I may speak of here.")

_ROLE_ON_CHAIN = (
    select(membership.c.role)
    .join(nexus_tree, nexus_tree.c.ancestor_id == membership.c.nexus_id)
    .join(nexus, nexus.c.id == nexus_tree.c.descendant_id)
    .where(
        nexus.c.state == "active",
        nexus_tree.c.descendant_id == bindparam("nexus_id"),
        membership.c.person_id == bindparam("person_id"),
        membership.c.state == "active",
        membership.c.role.in_(MONEY_ROLES),
    )
    .limit(1)
)
_DECIDED_BY = (
    select(nexus_tree.c.descendant_id)
    .join(membership, membership.c.nexus_id == nexus_tree.c.ancestor_id)
    .join(nexus, nexus.c.id == nexus_tree.c.descendant_id)
    .where(
        nexus.c.state == "active",
        membership.c.person_id == bindparam("me"),
        membership.c.state == "active",
        membership.c.role.in_(MONEY_ROLES),
    )
)
_CONCERNING = or_(
    grants.c.proposer_id.in_(bindparam("numbers", expanding=True)),
    grants.c.recipient_id.in_(bindparam("numbers", expanding=True)),
    grants.c.giver_id.in_(bindparam("numbers", expanding=True)),
)
_NEWEST = select(grants.c.id).order_by(grants.c.id.desc()).limit(bindparam("most"))
_MINE = _NEWEST.where(_CONCERNING)
_OF_NEXUS = _NEWEST.where(grants.c.nexus_id == bindparam("nexus_id"))
_TO_DECIDE = _NEWEST.where(grants.c.state == State.PROPOSED.value, grants.c.nexus_id.in_(_DECIDED_BY))
_IN_PLACE = _NEWEST.where(grants.c.place_id == bindparam("place_id"), grants.c.state.in_(sorted(OPEN)))


def decides_about_money(unit: Unit, person_id: int, nexus_id: int) -> bool:
    """Whether a person is owner, steward or treasurer of a Nexus or of one above it."""
    return unit.value(_ROLE_ON_CHAIN, person_id=person_id, nexus_id=nexus_id) is not None


def may_see_grant(unit: Unit, audience: Audience, grant: Grant) -> bool:
    """Whether the audience may see a grant with all that its card shows."""
    alone = audience.kind is AudienceKind.PERSON
    if grant.state == State.DRAFT:
        return alone and audience.person_id == grant.proposer_id
    if alone and audience.person_id in (grant.proposer_id, grant.recipient_id, grant.giver_id):
        return True
    return may_see_grants(unit, audience, grant.nexus_id)


def may_see_grants(unit: Unit, audience: Audience, nexus_id: int) -> bool:
    """Whether the audience may see the grants of a Nexus, whomever they concern."""
    return _may_see(unit, audience, nexus_id, "grant")


def may_see_fund(unit: Unit, audience: Audience, nexus_id: int) -> bool:
    """Whether the audience may see what a fund has and gave."""
    return _may_see(unit, audience, nexus_id, "fund")


def may_see_hours(unit: Unit, audience: Audience, nexus_id: int) -> bool:
    """Whether the audience may see the time that counts in a Nexus: as its grants, time is given like money."""
    return _may_see(unit, audience, nexus_id, "grant")


def _may_see(unit: Unit, audience: Audience, nexus_id: int, kind: str) -> bool:
    if may_kind(unit, audience, nexus_id, kind, said_as(audience)):
        return True
    return audience.kind is AudienceKind.PERSON and decides_about_money(unit, audience.person_id, nexus_id)


def called(unit: Unit, audience: Audience, person_id: int) -> str:
    """A person's name; "somebody" for an audience that may not know them, or if they are nobody any more."""
    found = person_of(unit, person_id) if person_id else None
    if found is None or found.forgotten:
        return N_("somebody")
    own = audience.kind is AudienceKind.PERSON and audience.person_id == found.id
    return found.name if own or may_know_person(unit, audience, found.id) else N_("somebody")


def grants_concerning(unit: Unit, audience: Audience, person_id: int, most: int = LOOKED_AT) -> list[Grant]:
    """The newest grants that a person proposed, receives or gives, as far as the audience may see them."""
    numbers = numbers_of(unit, person_id)
    return _seen(unit, audience, (row["id"] for row in unit.rows(_MINE, numbers=numbers, most=most)))


def grants_of_nexus(unit: Unit, audience: Audience, nexus_id: int, most: int = LOOKED_AT) -> list[Grant]:
    """The newest grants of a Nexus that the audience may see."""
    return _seen(unit, audience, (row["id"] for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id, most=most)))


def grants_to_decide(unit: Unit, audience: Audience, person_id: int, most: int = LOOKED_AT) -> list[Grant]:
    """The newest grants that wait for approvals where a person decides about money, conflicts aside."""
    return _seen(unit, audience, (row["id"] for row in unit.rows(_TO_DECIDE, me=person_id, most=most)))


def _seen(unit: Unit, audience: Audience, ids: Iterable[int]) -> list[Grant]:
    found = (grant_of(unit, grant_id) for grant_id in ids)
    return [grant for grant in found if may_see_grant(unit, audience, grant)]


def access_grant(context: Context, words: str) -> Grant:
    """The grant that somebody named, among those that the audience may see. Raises `NotFound`, `Ambiguous`.

    By its short name (#k7m2p), a frozen reference, words of its purpose, or whom it is for; "it" is the one that lives
    in this place, or the only one open that concerns the caller.
    """
    unit, audience = context.unit, context.audience
    eyes_of(unit, audience)  # whether there is such a grant or not: else it shows in what the store is asked
    number = frozen_id(words)
    bare = words.strip("\"'“” ")
    grant_id = number if number is not None else grant_by_handle(unit, bare)
    if grant_id is not None:
        found = _one(unit, audience, grant_id)
        if found is not None:
            return found
        if number is not None or bare.startswith("#"):
            raise unknown(_WORDS, words, [])
    if fold(bare) in _IT:
        return _chosen(_those_meant(context), words, unit, audience)
    return _chosen(_fitting(context, fold(bare)), words, unit, audience)


def _one(unit: Unit, audience: Audience, grant_id: int) -> Grant | None:
    try:
        found = grant_of(unit, grant_id)
    except LookupError:
        return None
    return found if may_see_grant(unit, audience, found) else None


def _those_meant(context: Context) -> list[Grant]:
    """Those that "it" can mean, nearest first."""
    unit, audience, me = context.unit, context.audience, context.actor.person_id
    place_id = context.where.place_id
    if place_id:
        here = _seen(unit, audience, (row["id"] for row in unit.rows(_IN_PLACE, place_id=place_id, most=LOOKED_AT)))
        if here:
            return here
    return [grant for grant in grants_concerning(unit, audience, me) if grant.state in OPEN] or grants_to_decide(
        unit, audience, me
    )


def known_grants(context: Context) -> list[Grant]:
    """Those that somebody may name by words: theirs, those that they decide about, and those of this Nexus."""
    unit, audience, me = context.unit, context.audience, context.actor.person_id
    found = [
        *grants_concerning(unit, audience, me),
        *grants_to_decide(unit, audience, me),
        *grants_of_nexus(unit, audience, context.nexus_id),
    ]
    return sorted({grant.id: grant for grant in found}.values(), key=lambda grant: -grant.id)


def _fitting(context: Context, wanted: str) -> list[Grant]:
    unit, audience = context.unit, context.audience
    known = known_grants(context)
    wanted = wanted.removesuffix(" grant").removesuffix("'s").removesuffix("’s")
    bare = wanted
    while any(bare.startswith(word) for word in _AROUND):
        bare = next(bare.removeprefix(word) for word in _AROUND if bare.startswith(word))
    if not bare:
        return []
    if bare in ("me", "my", "mine"):
        return [grant for grant in known if grant.recipient_id == context.actor.person_id]
    names = {grant.recipient_id: "" for grant in known}
    for person_id in names:
        name = called(unit, audience, person_id)
        names[person_id] = "" if name == N_("somebody") else fold(name)
    people = {person_id for person_id, name in names.items() if name == bare}
    people = people or {person_id for person_id, name in names.items() if bare in name.split()}
    if people:
        return [grant for grant in known if grant.recipient_id in people]
    for form in (wanted, bare):
        exact = [grant for grant in known if fold(grant.purpose) == form]
        part = [grant for grant in known if form in fold(grant.purpose)]
        if exact or part:
            return exact or part
    return []


def _chosen(found: Sequence[Grant], words: str, unit: Unit, audience: Audience) -> Grant:
    """The only one, or the only one that is still open."""
    some = [grant for grant in found if grant.state in OPEN] or list(found)
    if len(some) == 1:
        return some[0]
    if not some:
        raise unknown(_WORDS, words, [])
    raise Ambiguous(
        N_("Several grants fit: {choices}. Which one do you mean? Its short name (#…) is enough."),
        choices="; ".join(f"#{grant.handle} {label_of(unit, audience, grant)}" for grant in some[:5]),
    )


def label_of(unit: Unit, audience: Audience, grant: Grant) -> str:
    """A grant in a few words: what, for whom, for what."""
    amount = " + ".join(str(one) for one in grant.awards)
    purpose = grant.purpose if len(grant.purpose) <= 40 else grant.purpose[:39].rstrip() + "…"
    return N_("{amount} for {name}: {purpose}").format(
        amount=amount, name=called(unit, audience, grant.recipient_id), purpose=purpose
    )


class GrantField(Reference):
    """A grant that the caller may see: by handle (#k7m2p), by words of its purpose, or by whom it is for."""

    kind = "grant"

    def resolve(self, value: Any, context: Context) -> Grant:
        """See `Field.resolve`."""
        return access_grant(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = fold(typed.strip().removeprefix("#"))
        labels = [(label_of(context.unit, context.audience, grant), grant) for grant in known_grants(context)]
        fits = [
            (f"{label} (#{g.handle})", f"={g.id}") for label, g in labels if part in fold(label) or part in g.handle
        ]
        return fits[:SUGGESTED]
