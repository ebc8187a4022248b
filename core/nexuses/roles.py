"""Roles: what each is for, and who may give or take it. Pure.

Decision rule: whoever gives or takes a role needs at least a steward's standing in that Nexus (from it or from above),
may give no role above their own, and may take a role only from somebody below them (an owner also from another owner,
anybody from themselves). The last owner of a Nexus stays owner.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.operations.declare import Who

GUEST, MEMBER, MODERATOR, TREASURER, STEWARD, OWNER = (
    "guest",
    "member",
    "moderator",
    "treasurer",
    "steward",
    "owner",
)
ROLES = (OWNER, STEWARD, TREASURER, MODERATOR, MEMBER, GUEST)
# Whoever keeps the money moderates nobody, and is out of the reach of those who only moderate: see `out_of_reach`.
STANDING = {GUEST: 0, MEMBER: 10, TREASURER: 15, MODERATOR: 20, STEWARD: 40, OWNER: 50}
INHERITED = frozenset({OWNER, STEWARD, TREASURER, MODERATOR})
MAPPABLE = (MEMBER, MODERATOR, STEWARD)  # what a role of a platform may stand for: never owner, never money
ALSO = {
    "admin": STEWARD,
    "administrator": STEWARD,
    "manager": STEWARD,
    "mod": MODERATOR,
    "coowner": OWNER,
    "co-owner": OWNER,
    "cashier": TREASURER,
    "participant": MEMBER,
    "visitor": GUEST,
}


def standing(roles: Iterable[str]) -> int:
    """The highest standing among roles; -1 for none."""
    return max((STANDING[role] for role in roles), default=-1)


def out_of_reach(theirs: int, own: int = Who.MODERATOR) -> bool:
    """Whether somebody of standing `theirs` is not to be moderated by one of standing `own`, or by a rule."""
    return theirs >= own or theirs >= STANDING[OWNER] or (theirs >= STANDING[TREASURER] and own < Who.STEWARD)


def may_grant(own: int, role: str) -> bool:
    """Whether somebody of this standing may give `role`."""
    return own >= Who.STEWARD and own >= STANDING[role]


def may_unmap(own: int, role: str, *, made_it: bool) -> bool:
    """Whether somebody of this standing may end that a platform's role gives `role`.

    It is then taken from everybody who has it so.
    """
    return own >= Who.STEWARD and (made_it or own > STANDING[role] or own == STANDING[OWNER])


def may_revoke(own: int, role: str, theirs: int, *, oneself: bool) -> bool:
    """Whether somebody of standing `own` may take `role` from somebody of standing `theirs`."""
    if oneself:
        return True
    return own >= Who.STEWARD and own >= STANDING[role] and (own > theirs or own == STANDING[OWNER])
