"""How it stands with ban lists here, and what is answered to what they propose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.cases import CaseField, moderates
from core.access.targets import Target
from core.buttons.buttons import Choice as Button
from core.errors import N_, BadInput, Conflict, NotAllowed, NotFound
from core.moderation.case_operations import check_may_undo
from core.moderation.cases import cases, decide
from core.moderation.cases.cases import FROM_LIST, Case
from core.moderation.guards import found as finds
from core.moderation.lists import budget, follows, giving, reach, says, shares
from core.moderation.lists.fields import EVERY, Named
from core.moderation.lists.follow_operations import NAMED, ListLeft, lift_all
from core.moderation.lists.follows import Entry
from core.moderation.lists.listed import listed, on_list
from core.moderation.person_operations import OUT
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Reference
from core.operations.fields.base import frozen_id
from core.people.people import person_of
from core.quotas.quotas import spend


@dataclass(frozen=True, slots=True)
class SharedLine:
    """Who may follow the list, and whether with the reasons."""

    reader: str
    reasons: bool


@dataclass(frozen=True, slots=True)
class FollowedLine:
    """A list that is followed: how many are on it, whom of them it met here, and what moderators said of that."""

    source: str
    mode: str
    fell_back: bool
    on_it: int
    people: tuple[str, ...]
    more: int
    banned: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class BanLists:
    """How it stands with ban lists in a Nexus; `offered` are those that it may follow and does not."""

    nexus: str
    own: int
    shared: tuple[SharedLine, ...]
    followed: tuple[FollowedLine, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListBan:
    """Somebody who is banned because moderators said yes to a list, or who is let back in (`kind`)."""

    case_id: int
    number: int
    kind: str
    name: str
    source: str


@operation("banlist.show", who=Who.MODERATOR, private=True, sealed=True, says=says.SHOW)
def show(context: Context) -> BanLists:
    """Show whose ban lists this Nexus follows, whom they met, and who may follow its own."""
    unit, here = context.unit, context.nexus_id
    followed = follows.followed_by(unit, here)
    lines = []
    for one in followed:
        entries = [entry for entry in follows.entries_of(unit, one.id) if entry.state != "over"]
        judged = budget.judged(unit, one)
        lines.append(
            FollowedLine(
                nexus_of(unit, one.source_id).name,
                one.mode,
                one.set_by is None,
                len(on_list(unit, one.source_id)),
                tuple(person_of(unit, entry.person_id).name for entry in entries[:NAMED]),
                max(0, len(entries) - NAMED),
                len(giving.bans_of(unit, one)),
                judged.count("right"),
                judged.count("wrong"),
            )
        )
    taken = {one.source_id for one in followed}
    return BanLists(
        nexus_of(unit, here).name,
        len(on_list(unit, here)),
        tuple(
            SharedLine(EVERY.name if one.reader_id == EVERY.id else nexus_of(unit, one.reader_id).name, one.reasons)
            for one in shares.shares_of(unit, here)
        ),
        tuple(lines),
        tuple(name for nexus_id, name in shares.offered_to(unit, here) if nexus_id not in taken),
    )


def _entry(context: Context, case: Case, state: str) -> Entry:
    """What came of a list by this case. Raises where the caller does not moderate there, or it is not open any more."""
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    found = next((one for one in follows.entries_with(context.unit, case.id) if one.state == state), None)
    if found is None:
        raise BadInput(N_("Somebody has just dealt with case {number}."), number=case.number)
    return found


def _undo(context: Context, result: ListBan) -> Sequence[Button]:
    return [Button(N_("Undo"), "undo", {"case": f"={result.case_id}"})] if result.kind == "ban" else []


CASE = CaseField(N_("which case"))


@operation("banlist.ban", writes=True, internal=True, private=True, follows=_undo)
def accept(context: Context, case: Annotated[Case, CASE]) -> ListBan:
    """Ban somebody who is on the list of another Nexus."""
    unit, me = context.unit, context.actor.person_id
    entry = _entry(context, case, "asked")
    one = follows.follow_of(unit, entry.follow_id)
    found = listed(unit, one.source_id, entry.person_id)
    if case.state != "open" or one.state != "active" or found is None:
        raise Conflict(N_("They are on that list no more, or it is not followed any more."))
    about = person_of(unit, entry.person_id)
    decide.check_may_act(context, Target(about.id, about.name, case.account_id or 0, ""), case.nexus_id)
    spend(unit, me, OUT)
    made = reach.ban(
        unit,
        one,
        found,
        case.account_id,
        decide.here_of(context),
        by_id=me,
        why=f"{FROM_LIST} {decide.standing_of(context, case.nexus_id)}",
        by_accounts=dict(decide.who_asks(context).accounts),
        turn=context.key,
    )
    cases.move(unit, case, "closed", me)
    finds.move_to(unit, case.id, made.id)
    for same in follows.entries_with(unit, case.id):
        follows.put(unit, Entry(same.follow_id, same.person_id, "banned", same.source_case, made.id, unit.now))
    context.note(case_id=made.id)
    return ListBan(made.id, made.number, "ban", about.name, nexus_of(unit, one.source_id).name)


@operation("banlist.release", writes=True, internal=True, private=True)
def release(context: Context, case: Annotated[Case, CASE]) -> ListBan:
    """Let somebody back in who is off the list that they were banned by."""
    unit = context.unit
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    entries = follows.entries_with(unit, case.id)
    if not entries or case.state != "standing" or case.kind != "ban":
        raise BadInput(N_("Somebody has just dealt with case {number}."), number=case.number)
    check_may_undo(context, case)
    one = follows.follow_of(unit, entries[0].follow_id)
    undone = reach.a_mistake(unit, entries[0])
    why = f"{FROM_LIST} {decide.standing_of(context, case.nexus_id)}"
    made = giving.let_back(unit, one, case, undone=undone, who=decide.who_asks(context), why=why)
    context.note(case_id=made.id)
    assert case.person_id is not None
    source = nexus_of(unit, one.source_id).name
    return ListBan(made.id, made.number, "unban", person_of(unit, case.person_id).name, source)


class _SourceField(Reference):
    """A list that is or was followed here, from a button."""

    kind = "nexus"

    def resolve(self, value: object, context: Context) -> Named:
        number = frozen_id(str(value))
        if number is None or follows.between(context.unit, context.nexus_id, number) is None:
            raise NotFound(N_("That only works with the button that I sent for it."))
        return Named(number, nexus_of(context.unit, number).name)


@operation("banlist.lift", writes=True, internal=True, private=True, who=Who.MODERATOR)
def lift(context: Context, source: Annotated[Named, _SourceField(N_("whose ban list"))]) -> ListLeft:
    """Lift all bans that came from a list that is not followed any more."""
    one = follows.between(context.unit, context.nexus_id, source.id)
    if one is None or one.state == "active":
        raise Conflict(N_("That list is followed again; its bans stay."))
    return lift_all(context, one)


OPERATIONS = (show, accept, release, lift)
