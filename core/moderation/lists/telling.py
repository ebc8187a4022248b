"""What moderators and those concerned are told of what came of a list."""

from __future__ import annotations

from typing import Any

from core.buttons.buttons import Choice
from core.errors import N_
from core.moderation.cases.cases import Case
from core.moderation.cases.elsewhere import also_choices
from core.moderation.cases.telling import tell_moderators, tell_of_case
from core.moderation.lists import follows
from core.moderation.lists.follows import Follow
from core.moderation.lists.words import people_are
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.operations.fields import show_moment
from core.people.people import account_of, person_of
from core.store import Unit

_ON_IT = N_("{name} is in {nexus}, and on the ban list of {source} since {since}{reason}. Ban them here as well?")
_BANNED = N_(
    "{name} is on the ban list of {source}{reason}, so I banned them from {nexus}{until}. It is case {number}."
)
_YOU = N_(
    "You are banned from {nexus}{until}: you are on the ban list of {source}, and {nexus} goes by that{reason}. If "
    "that is wrong here, tell me why: a moderator of {nexus} will look at it. It is case {number}."
)
_COULD_NOT = N_("{name} is on the ban list of {source}, and no platform let me ban them: case {number} is not done.")
_BACK = N_("{source} took {name} off its ban list, so they may come back to {nexus}. It is case {number}.")
_MAY = N_("{source} took {name} off its ban list{mistake}. Here they are banned because of it. Let them back in?")
_YOU_MAY = N_("You may come back to {nexus}.")
_ENDED = N_("{source} does not share its ban list with {nexus} any more, so nobody else is met by it.")
_ENDED_WITH = N_(
    "{source} does not share its ban list with {nexus} any more, so nobody else is met by it. Here {some} banned "
    "because of it. Lift that?"
)


def _data(unit: Unit, one: Follow, case: Case) -> dict[str, Any]:
    assert case.person_id is not None
    return {
        "name": person_of(unit, case.person_id).name,
        "nexus": nexus_of(unit, one.nexus_id).name,
        "source": nexus_of(unit, one.source_id).name,
        "reason": f" ({case.reason.rstrip('.')})" if case.reason else "",
        "until": N_(" until {when}").format(when=show_moment(case.until)) if case.until else "",
        "number": case.number,
    }


def ask(unit: Unit, one: Follow, case: Case, since: str) -> None:
    """A card for moderators: somebody of the list is among them."""
    choices = [
        Choice(N_("Ban"), "banlist.ban", {"case": f"={case.id}"}),
        Choice(N_("Dismiss"), "dismiss", {"case": f"={case.id}"}),
    ]
    tell_moderators(unit, one.nexus_id, _ON_IT, _data(unit, one, case) | {"since": since}, choices, shows=case)


def banned(unit: Unit, one: Follow, case: Case) -> None:
    """Somebody is banned: they are told, and the moderators where none of them decided it."""
    data = _data(unit, one, case)
    tell_of_case(unit, case, _YOU, data)
    if case.by_id is None:
        tell_moderators(unit, one.nexus_id, _BANNED, data, [*_also(unit, case), _undo(case)], shows=case)


def done(unit: Unit, case: Case) -> None:
    """A platform has banned them."""
    for entry in follows.entries_with(unit, case.id)[:1]:
        banned(unit, follows.follow_of(unit, entry.follow_id), case)


def not_done(unit: Unit, case: Case) -> None:
    """No platform has: moderators hear that where none of them decided it and reads the outcome."""
    for entry in follows.entries_with(unit, case.id)[:1] if case.by_id is None else ():
        one = follows.follow_of(unit, entry.follow_id)
        tell_moderators(unit, one.nexus_id, _COULD_NOT, _data(unit, one, case), [], shows=case)


def _undo(case: Case) -> Choice:
    return Choice(N_("Undo"), "undo", {"case": f"={case.id}"})


def _also(unit: Unit, case: Case) -> list[Choice]:
    """The same for their other accounts where the Nexus is."""
    began = account_of(unit, case.account_id)["platform"] if case.account_id is not None else ""
    return also_choices(unit, case, began)


def let_back(unit: Unit, one: Follow, case: Case, made: Case) -> None:
    """Moderators hear that a ban ended with the list's."""
    tell_moderators(unit, one.nexus_id, _BACK, _data(unit, one, case) | {"number": made.number}, [], shows=case)


def may_come_back(unit: Unit, one: Follow, case: Case, *, undone: bool) -> None:
    """Moderators are asked whether a ban that they decided is to end with the list's."""
    data = _data(unit, one, case) | {"mistake": N_(": it was a mistake") if undone else ""}
    choices = [
        Choice(N_("Let them back in"), "banlist.release", {"case": f"={case.id}"}),
        Choice(N_("Keep the ban")),
    ]
    tell_moderators(unit, one.nexus_id, _MAY, data, choices, shows=case)


def you_may_come_back(unit: Unit, case: Case) -> None:
    """Whom it is about hears that they may come back."""
    assert case.person_id is not None
    notify(unit, person_of(unit, case.person_id).id, _YOU_MAY, {"nexus": nexus_of(unit, case.nexus_id).name})


def ended(unit: Unit, one: Follow, count: int) -> None:
    """Moderators hear that a list is not shared with them any more, and may lift at once what came of it."""
    data = {
        "source": nexus_of(unit, one.source_id).name,
        "nexus": nexus_of(unit, one.nexus_id).name,
        "some": people_are(count),
    }
    choices = [
        Choice(N_("Lift them all"), "banlist.lift", {"source": f"={one.source_id}"}),
        Choice(N_("Keep the bans")),
    ]
    tell_moderators(unit, one.nexus_id, _ENDED_WITH if count else _ENDED, data, choices if count else [])
