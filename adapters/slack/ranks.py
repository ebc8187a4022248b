"""Who stands where in a workspace, and whom nothing is done to.

Slack knows guests, members, admins, owners and one primary owner. The app has no rank: it may do to members what the
workspace lets everybody do, and nothing to those who run it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from adapters.slack.refusals import Refused
from adapters.slack.translate import Json, account_from
from adapters.slack.workspaces import Workspace, Workspaces

UNKNOWN = "Slack knows nobody by that id in this workspace."
_NOBODY = ("user_not_found", "user_not_visible")


class Rank(IntEnum):
    """From the lowest to the highest."""

    GUEST = 0
    MEMBER = 1
    ADMIN = 2
    OWNER = 3
    PRIMARY_OWNER = 4


_CALLED = {
    Rank.ADMIN: "an admin of this workspace",
    Rank.OWNER: "an owner of this workspace",
    Rank.PRIMARY_OWNER: "the primary owner of this workspace",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the workspace has them now. `active`: their account is not deactivated; `app`: no person at all."""

    id: str
    name: str
    rank: Rank
    app: bool = False
    active: bool = True


def person_of(user: Json, team: str) -> Person:
    """Somebody by the answer of users.info."""
    account = account_from(user, team)
    return Person(account.id, account.name, _rank(user), account.is_bot, not user.get("deleted"))


def _rank(user: Json) -> Rank:
    org = user.get("enterprise_user") or {}  # the rank in the organisation counts in all of its workspaces
    if user.get("is_primary_owner"):
        return Rank.PRIMARY_OWNER
    if user.get("is_owner") or org.get("is_owner"):
        return Rank.OWNER
    if user.get("is_admin") or org.get("is_admin"):
        return Rank.ADMIN
    return Rank.GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else Rank.MEMBER


async def look_up(workspaces: Workspaces, at: Workspace, user: str) -> Person | None:
    """Somebody as they are now; None for who is not known there. Raises `Refused` and `Lost`."""
    try:
        answer = await workspaces.call(at, "users.info", user=user)
    except Refused as error:
        if error.code in _NOBODY:
            return None
        raise
    return person_of(answer["user"], at.me.team)


def protected(me: str, whom: Person, by: Person | None) -> str:
    """Why nothing is done to somebody, "" where it may be. `by` is the moderator, None where a rule decided."""
    if whom.id == me:
        return "That is me, and I do nothing to myself."
    if whom.app:
        return f"{whom.name} is an app, and apps are left alone."
    if whom.rank in _CALLED:
        return f"{whom.name} is {_CALLED[whom.rank]}, and nothing is done to those who run it."
    if by is None:
        return ""
    if not by.active:
        return f"{by.name}, who decided this, is not in this workspace any more."
    if whom.rank > by.rank:
        return f"{whom.name} is a member of this workspace, and {by.name}, who decided this, is a guest in it."
    return ""
