"""Who has an interest in a grant, and who may decide about it.

Decision rule: of a shared fund nobody approves, releases or confirms what they proposed, would receive or would be paid
for. All accounts of a person count as one, and so does everybody who ever shared an account with them: separating an
account ends no conflict. All who speak from the terminal of this machine are one person, too: its operator can be any
of them. Those who decide hold one of the roles that the policy names, here or above, for as long as it asks, and have
it from nobody with an interest; a role that comes from a platform was given by whoever made the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from core.access.people import may_know_person
from core.errors import N_, NotAllowed
from core.grants.grants import Grant
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.fields import say_duration
from core.people.people import numbers_of, person_of
from core.people.tables import account, account_history
from core.places.tables import role_map
from core.policies.terms import DEFAULT, Terms, strictest
from core.store import Store, Unit

_PICTURE = "people at the terminal"
NAMED = 2  # of those who could help

_ACCOUNTS = select(account.c.id, account.c.platform).where(account.c.person_id.in_(bindparam("people", expanding=True)))
_ACCOUNTS_BEFORE = (
    select(account.c.id, account.c.platform)
    .join(account_history, account_history.c.account_id == account.c.id)
    .where(account_history.c.person_id.in_(bindparam("people", expanding=True)))
)
_AT_TERMINALS = select(account.c.id).where(account.c.platform == "terminal")
_OWNERS = select(account.c.person_id).where(account.c.id.in_(bindparam("accounts", expanding=True)))
_OWNERS_BEFORE = select(account_history.c.person_id).where(
    account_history.c.account_id.in_(bindparam("accounts", expanding=True))
)
_HOLDERS = (
    select(
        membership.c.person_id,
        membership.c.role,
        membership.c.granted_by,
        membership.c.granted_at,
        membership.c.map_id,
        role_map.c.made_by,
        nexus_tree.c.depth,
    )
    .join(nexus_tree, nexus_tree.c.ancestor_id == membership.c.nexus_id)
    .join(nexus, nexus.c.id == nexus_tree.c.descendant_id)
    .outerjoin(role_map, role_map.c.id == membership.c.map_id)
    .where(
        nexus.c.state == "active",
        nexus_tree.c.descendant_id == bindparam("nexus_id"),
        membership.c.state == "active",
        membership.c.role.in_(bindparam("roles", expanding=True)),
    )
    .order_by(nexus_tree.c.depth, membership.c.granted_at, membership.c.person_id)
)
_MINE = _HOLDERS.where(membership.c.person_id == bindparam("person_id"))


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may decide, through a role held `depth` levels up (0: here)."""

    person_id: int
    depth: int
    role: str


def tell_terminals_apart(store: Store) -> None:
    """Every account of a terminal is somebody of their own in this store: one that is for show, or for tests."""
    store.pictures[_PICTURE] = True


def relatives(unit: Unit, people: Iterable[int]) -> frozenset[int]:
    """These people, under all their numbers, and everybody who ever shared an account with one of them."""
    found: set[int] = set()
    more = {number for one in people if one for number in numbers_of(unit, one)}
    while more:
        found |= more
        ids = list(found)
        rows = [*unit.rows(_ACCOUNTS, people=ids), *unit.rows(_ACCOUNTS_BEFORE, people=ids)]
        accounts = {row["id"] for row in rows}
        if any(row["platform"] == "terminal" for row in rows) and not unit.pictures.get(_PICTURE):
            accounts |= {row["id"] for row in unit.rows(_AT_TERMINALS)}
        owners = {row["person_id"] for row in unit.rows(_OWNERS, accounts=list(accounts))}
        owners |= {row["person_id"] for row in unit.rows(_OWNERS_BEFORE, accounts=list(accounts))}
        more = {number for one in owners for number in numbers_of(unit, one)} - found
    return frozenset(found)


def distinct(unit: Unit, people: Iterable[int]) -> list[int]:
    """The first of each group of people who count as one."""
    found: list[int] = []
    seen: frozenset[int] = frozenset()
    for one in people:
        if one not in seen:
            found.append(one)
            seen |= relatives(unit, [one])
    return found


def interested(unit: Unit, grant: Grant) -> frozenset[int]:
    """Who has an interest in a grant: proposer, recipient and giver, with their relatives."""
    return relatives(unit, [grant.proposer_id, grant.recipient_id, grant.giver_id])


def terms_of(grant: Grant) -> Terms:
    """The policies that were in force when it was proposed, as one."""
    return strictest([Terms.from_json(one) for one in grant.terms.values()]) if grant.terms else DEFAULT


def approvers(unit: Unit, nexus_id: int, interest: frozenset[int], terms: Terms) -> list[Approver]:
    """Everybody who may decide, once each, nearest first."""
    found: dict[int, Approver] = {}
    for row in unit.rows(_HOLDERS, nexus_id=nexus_id, roles=list(terms.roles)):
        person_id = person_of(unit, row["person_id"]).id
        if person_id not in found and person_id not in interest and _counts(unit, row, interest, terms):
            found[person_id] = Approver(person_id, row["depth"], row["role"])
    return list(found.values())


def _counts(unit: Unit, row: RowMapping, interest: frozenset[int], terms: Terms) -> bool:
    """Whether a role was held long enough, and was given by somebody without an interest."""
    giver = row["made_by"] if row["map_id"] is not None else row["granted_by"]
    return _old_enough(unit, row, terms) and giver is not None and giver not in interest


def _old_enough(unit: Unit, row: RowMapping, terms: Terms) -> bool:
    held: int = unit.now - row["granted_at"]
    return held >= terms.role_age_ms


def check_may_decide(context: Context, grant: Grant, *, doing: str) -> None:
    """Raises `NotAllowed` unless the actor may decide about a grant of a shared fund: says what, why and who can help.

    `doing` is what they want to do, in words that fit after "to": "approve it".
    """
    unit = context.unit
    otherwise = frozenset() if grant.applied else relatives(unit, [grant.recipient_id, grant.giver_id])
    check_unconcerned(
        context, grant.nexus_id, interested(unit, grant), terms_of(grant), doing=doing, applied_for=otherwise
    )


def check_unconcerned(
    context: Context,
    nexus_id: int,
    interest: frozenset[int],
    terms: Terms,
    *,
    doing: str,
    applied_for: frozenset[int] = frozenset(),
    mandate: bool = False,
) -> None:
    """The same for anything that takes four eyes. `interest`: who may not decide about it.

    `applied_for`: who would have an interest if the recipient had asked for it themselves. `mandate`: it is one.
    """
    unit, me = context.unit, context.actor.person_id
    able = approvers(unit, nexus_id, interest, terms)
    if any(one.person_id == me for one in able):
        return
    raise NotAllowed(
        N_("{why} {help}"),
        code="four_eyes",
        why=_why_not(context, nexus_id, interest, terms, doing),
        help=_who_can_help(context, able) or ways_out(unit, nexus_id, applied_for, terms, mandate=mandate),
    )


def _why_not(context: Context, nexus_id: int, interest: frozenset[int], terms: Terms, doing: str) -> str:
    unit, me = context.unit, context.actor.person_id
    if me in interest:
        return N_("To {doing} takes someone other than you, as you have a part in it.").format(doing=doing)
    mine = unit.rows(_MINE, nexus_id=nexus_id, roles=list(terms.roles), person_id=me)
    if not mine:
        template = N_("To {doing} takes {roles} of {nexus}, which you are not.")
        return template.format(doing=doing, roles=any_of(terms.roles), nexus=nexus_of(unit, nexus_id).name)
    if not any(_old_enough(unit, row, terms) for row in mine):
        template = N_("To {doing} takes somebody who has had their role for {age}, and yours is younger.")
        return template.format(doing=doing, age=say_duration(terms.role_age_ms))
    template = N_("To {doing} takes somebody whose role is not from a person with a part in it, and yours is.")
    return template.format(doing=doing)


def _who_can_help(context: Context, able: list[Approver]) -> str:
    """Whom one could ask, as far as the asker may know them; "" for nobody."""
    unit = context.unit
    known = [one.person_id for one in able if may_know_person(unit, context.audience, one.person_id)][:NAMED]
    if known:
        return N_("I could ask {names}.").format(names=N_(" or ").join(person_of(unit, one).name for one in known))
    return N_("There are others who can.") if able else ""


def ways_out(unit: Unit, nexus_id: int, applied_for: frozenset[int], terms: Terms, *, mandate: bool = False) -> str:
    """What can be done where nobody may decide. `applied_for`: see `check_unconcerned`; nobody for none."""
    if mandate:
        return N_(
            "Nobody else can so far. Ways out: one more owner, steward or treasurer, or giving from one's own deposit."
        )
    said = N_(
        "Nobody else can so far. Ways out: one more owner, steward or treasurer, a mandate, or giving from one's own "
        "deposit."
    )
    if applied_for and approvers(unit, nexus_id, applied_for, terms):
        said += " " + N_("Or whoever it is for applies for it themselves: then there is somebody who can decide.")
    return said


def any_of(roles: Iterable[str]) -> str:
    """Roles as they are read: "an owner, steward or treasurer"."""
    *first, last = roles
    said = N_(" or ").join(part for part in (", ".join(first), last) if part)
    return N_("an {roles}").format(roles=said) if said[0] == "o" else N_("a {roles}").format(roles=said)
