"""Who is asked about a grant and who is told of it, in private and where it lives.

Decision rule for who is asked: those who may decide and have no part in it, of the Nexus itself; if they are too few,
those of the Nexus above as well, and so on upwards. If there are too few altogether all of them are asked, and the
card names the ways out. In private a sentence names people as far as its reader may know them; in a place it names
nobody, as the card there is made for those who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.access.books import called
from core.buttons.buttons import Choice
from core.errors import N_
from core.grants import approvals, conflicts
from core.grants.conflicts import terms_of
from core.grants.grants import Grant, tell, timeline
from core.nexuses.tree import nexus_of
from core.operations.context import Audience, AudienceKind
from core.people.people import person_of
from core.policies.terms import Terms
from core.store import Unit

MOST = 12  # people who are asked at once
GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who can decide: `people` are those asked. `above`: some of them are of a Nexus above; `enough`: they suffice."""

    people: tuple[int, ...]
    above: bool
    enough: bool


def who_decides(unit: Unit, nexus_id: int, interested: frozenset[int], terms: Terms, needed: int) -> Deciders:
    """Those to be asked for this many approvals, nearest first."""
    chosen: list[int] = []
    depth = 0
    for one in conflicts.approvers(unit, nexus_id, interested, terms):
        if one.depth > depth and len(conflicts.distinct(unit, chosen)) >= needed:
            break
        chosen.append(one.person_id)
        depth = one.depth
    return Deciders(tuple(chosen), depth > 0, len(conflicts.distinct(unit, chosen)) >= needed)


def deciders_of(unit: Unit, grant: Grant) -> Deciders:
    """Those to be asked about a grant."""
    return who_decides(unit, grant.nexus_id, conflicts.interested(unit, grant), terms_of(grant), grant.needed)


def have_approved(unit: Unit, grant: Grant) -> list[int]:
    """The people whose approval of what it is now counts."""
    interested = conflicts.interested(unit, grant)
    return approvals.count(unit, GRANT, grant.id, grant.version, grant.nexus_id, interested, terms_of(grant))


def have_decided(unit: Unit, grant: Grant) -> list[int]:
    """The people by whose approval it was decided, whatever their role is by now."""
    return approvals.standing(unit, GRANT, grant.id, grant.version, conflicts.interested(unit, grant))


def decision_choices(grant: Grant) -> tuple[Choice, ...]:
    """The buttons for those who decide."""
    this = {"grant": f"={grant.id}"}
    return (
        Choice(N_("Approve"), "grant.approve", this, "primary"),
        Choice(N_("Reject"), "grant.reject", this, "danger"),
        Choice(N_("Ask a question"), "grant.ask", this),
    )


def acceptance_choices(grant: Grant) -> tuple[Choice, ...]:
    """The buttons for the recipient."""
    this = {"grant": f"={grant.id}"}
    return (
        Choice(N_("Accept"), "grant.accept", this, "primary"),
        Choice(N_("Decline"), "grant.decline", this),
        Choice(N_("Ask a question"), "grant.ask", this),
    )


def answer_choices(grant: Grant) -> tuple[Choice, ...]:
    """The button for somebody who was asked."""
    return (Choice(N_("Answer"), "grant.answer", {"grant": f"={grant.id}"}, "primary"),)


def pay_choices(grant: Grant) -> tuple[Choice, ...]:
    """The button for those who pay. A press says which part; the card that follows is confirmed."""
    return (Choice(N_("It is paid"), "grant.pay", {"grant": f"={grant.id}"}, "primary", asks=True),)


def ask_payers(unit: Unit, grant: Grant) -> None:
    """Tell those who can pay it that a part is due: its giver, or those who decide and have no part in it."""
    people = [grant.giver_id] if grant.source == "own" else list(deciders_of(unit, grant).people)[:MOST]
    tell_each(unit, grant, people, N_("A part of a grant in {nexus} is due to be paid."), choices=pay_choices(grant))


def lifetime_of(unit: Unit, grant: Grant) -> int | None:
    """How long buttons on its card make sense: as long as it waits."""
    return max(grant.expires_at - unit.now, 1) if grant.expires_at else None


def tell_each(
    unit: Unit,
    grant: Grant,
    people: Iterable[int],
    template: str,
    *,
    choices: Sequence[Choice] = (),
    but: int = 0,
    names: dict[str, int] | None = None,
    **data: Any,
) -> None:
    """Tell people in private. `names` are people that the sentence names, as far as each reader may know them."""
    nexus = nexus_of(unit, grant.nexus_id).name
    for person_id in dict.fromkeys(people):
        if person_id == but or not person_id or person_of(unit, person_id).forgotten:
            continue
        reader = Audience(AudienceKind.PERSON, person_id)
        known = {slot: called(unit, reader, one) for slot, one in (names or {}).items()}
        tell(
            unit,
            grant,
            template,
            {"nexus": nexus, **known, **data},
            people=(person_id,),
            choices=choices,
            place=False,
            lifetime=lifetime_of(unit, grant) if choices else None,
        )


def say_there(unit: Unit, grant: Grant, template: str, *, choices: Sequence[Choice] = (), **data: Any) -> None:
    """Say it where the grant lives, if it does anywhere. The sentence names no person, amount or purpose."""
    lifetime = lifetime_of(unit, grant) if choices else None
    tell(unit, grant, template, data, choices=choices, lifetime=lifetime)


def ask_deciders(unit: Unit, grant: Grant, template: str, *, but: int = 0) -> Deciders:
    """Ask those who decide, each in private with buttons. `template` may name {who}, who proposed it, and {nexus}."""
    found = deciders_of(unit, grant)
    said = {grant.proposer_id, *have_approved(unit, grant)}
    people = [one for one in found.people if one not in said][:MOST]
    tell_each(unit, grant, people, template, choices=decision_choices(grant), but=but, names={"who": grant.proposer_id})
    return found


def ask_recipient(unit: Unit, grant: Grant) -> None:
    """Tell the recipient that it is theirs if they want it."""
    if grant.giver_id:
        template = N_("{giver} would like to give you a grant in {nexus}. Will you take it?")
    elif grant.applied:
        template = N_("The grant that you asked for in {nexus} is approved. Will you take it?")
    else:
        template = N_("{nexus} would like to give you a grant. Will you take it?")
    names = {"giver": grant.giver_id}
    tell_each(unit, grant, (grant.recipient_id,), template, choices=acceptance_choices(grant), names=names)


def involved(unit: Unit, grant: Grant) -> list[int]:
    """Who has to do with a grant: its parties, and who decided or asked about it."""
    parties = [grant.proposer_id, grant.giver_id, grant.recipient_id]
    did = [
        person_of(unit, event["person_id"]).id
        for event in timeline(unit, grant.id)
        if event["person_id"] and event["what"] in ("approved", "asked")
    ]
    return [one for one in dict.fromkeys([*parties, *did]) if one]
