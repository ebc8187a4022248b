"""Who may be acted on in a chat, by whom, and what we may do there: why not, in a sentence for people. Pure.

Telegram knows three ranks: the owner, administrators, and everybody else, who are equal. Owner and administrators
are never acted on, so nobody is who stands above a moderator; and of the others, all stand below the bot if it is an
administrator at all.
"""

from __future__ import annotations

from adapters.contract import Act, Power
from adapters.telegram.rights import RIGHTS, Json, muted
from adapters.telegram.said import NO_PERSON
from adapters.telegram.translate import account

# Telegram itself, anonymous administrators, and channels that write in a group: accounts that stand for no person.
_NOBODY = frozenset({777000, 1087968824, 136817688})


def group(act: Act) -> int | None:
    """The chat that an act is about; None if it is none where people have ranks. Those have negative ids."""
    digits = act.place_id.removeprefix("-")
    return int(act.place_id) if act.place_id.startswith("-") and digits.isdecimal() else None


def no_target(act: Act, me: int) -> str:
    """Why the account of an act is nobody to be acted on, whatever their rank."""
    if not act.account_id.isdecimal() or int(act.account_id) in _NOBODY:
        return NO_PERSON
    if int(act.account_id) == me:
        return "I do not do that to myself."
    if act.account_id == act.by and act.power is not Power.DELETE:
        return "Nobody does that to themselves."
    return ""


def above(member: Json | None) -> str:
    """Why somebody stands too high to be acted on."""
    status = member["status"] if member else ""
    if member and status == "creator":
        return f"{account(member['user']).name} is the owner of this chat."
    if member and status == "administrator":
        return f"{account(member['user']).name} is an administrator of this chat."
    return ""


def shut_out(moderator: Json | None) -> str:
    """Why a moderator does not decide here: those who are shut out stand below everybody who is not."""
    if moderator and moderator["status"] == "kicked":
        return f"{account(moderator['user']).name} is banned from this chat, and so decides nothing in it."
    if moderator and muted(moderator):
        return f"{account(moderator['user']).name} may not write in this chat now, and so decides nothing in it."
    return ""


def lacking(me: Json | None, right: str) -> str:
    """Why we may not: the right as Telegram's apps call it."""
    if me is None or me["status"] != "administrator":
        return f"I am not an administrator of this chat. For this I need the right “{RIGHTS[right]}”."
    return "" if me.get(right) else f"I lack the right “{RIGHTS[right]}” in this chat."
