"""What people have in a Nexus because of what they are on a platform: given when they are seen there, and taken again.

Decision rule, for one account in one server, workspace or group:
- each mapping whose role the account holds ("*": everybody there) gives its role, and "member" with it;
- nothing is given to who is suspended in that Nexus, to who left it, or in one that is archived; a role that somebody
  laid down, or that was taken from them by a person's word, is not given again by a mapping;
- what was given through this account is taken when the account no longer holds the role, if no other mapping there
  gives the same; where the platform does not say which roles an account holds, nothing is taken;
- what a person gave by hand is not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from core.audit.stream import write_audit
from core.nexuses.members import hold, memberships_of, roles_here
from core.nexuses.roles import MEMBER
from core.nexuses.tables import membership, nexus
from core.people.people import here_of, person_of, set_here, unset_here
from core.places.maps import EVERYONE
from core.places.tables import role_map
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Seen:
    """An account as a platform showed it, in a workspace and in a shared chat there ("": none, or not meant).

    `roles` are the ids of the platform's roles that it holds there, None where the platform did not say; `gone`: it
    left what is named here.
    """

    person_id: int
    account_id: int
    platform: str
    workspace: str
    roles: tuple[str, ...] | None = None
    gone: bool = False
    chat: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A mapping, and whether its Nexus is open to anybody new."""

    id: int
    external_role: str
    nexus_id: int
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A membership as it stands: `map_id` is None for one given by hand, `by` then the giver, else the account."""

    state: str
    map_id: int | None
    by: int


@dataclass(frozen=True, slots=True)
class Change:
    """A membership to be `given`, `taken`, or (with nothing changed for the person) to hang on another mapping."""

    what: str  # given | taken | moved
    nexus_id: int
    role: str
    map_id: int


_AT = (
    role_map.c.platform == bindparam("platform"),
    role_map.c.workspace.in_([bindparam("ground"), bindparam("chat")]),
)
# What there is to decide, in one read: nothing comes back where there are no mappings.
_STATE = (
    select(
        role_map.c.id,
        role_map.c.external_role,
        role_map.c.nexus_id,
        role_map.c.role,
        nexus.c.state.label("nexus_state"),
        membership.c.role.label("held"),
        membership.c.state,
        membership.c.map_id,
        membership.c.granted_by,
    )
    .join(nexus, nexus.c.id == role_map.c.nexus_id)
    .outerjoin(
        membership,
        and_(membership.c.nexus_id == role_map.c.nexus_id, membership.c.person_id == bindparam("person")),
    )
    .where(*_AT)
    .order_by(role_map.c.id)
)
_KEEP_RULES = select(role_map.c.id).where(*_AT).order_by(role_map.c.id).with_for_update(read=True, key_share=True)
_GIVE = insert(membership)
_THIS = (
    membership.c.person_id == bindparam("person"),
    membership.c.nexus_id == bindparam("nexus"),
    membership.c.role == bindparam("which"),
    membership.c.state == "active",
)
_TAKE = delete(membership).where(*_THIS, membership.c.map_id.is_not(None))
_MOVE = update(membership).where(*_THIS, membership.c.map_id.is_not(None)).values(map_id=bindparam("map"))


def apply(unit: Unit, seen: Sequence[Seen]) -> None:
    """Bring what mappings give in line with what was seen. Called last in a unit, as it writes the audit.

    One read for each, and nothing else where nothing changes.
    """
    due = [one for one in seen if (one.workspace or one.chat) and _changes(unit, one, one.person_id)]
    if not due:
        return
    # Everybody takes locks in this order: mappings, then people, then the audit.
    for platform, ground, chat in sorted({(one.platform, one.workspace, one.chat) for one in due}):
        unit.rows(_KEEP_RULES, platform=platform, ground=ground, chat=chat)
    people = {one.person_id: person_of(unit, one.person_id).id for one in due}
    for person_id in sorted(set(people.values())):
        hold(unit, person_id)
    rows = []
    for one in due:
        person_id = person_of(unit, people[one.person_id]).id  # they may have become somebody else's while we waited
        rows += [_do(unit, one, person_id, change) for change in _changes(unit, one, person_id)]
    for row in rows:
        if row:
            write_audit(unit, row)


def changes(
    rules: Sequence[Rule],
    held: Mapping[tuple[int, str], Held],
    account_id: int,
    roles: Collection[str] | None,
    *,
    gone: bool = False,
) -> list[Change]:
    """What has to change for somebody who has `held` (by Nexus and role). Pure; see the rule above."""
    by_id = {rule.id: rule for rule in rules}
    wanted: dict[tuple[int, str], int] = {}
    for rule in rules if not gone else ():
        if rule.external_role == EVERYONE or (roles is not None and rule.external_role in roles):
            for role in (MEMBER, rule.role):
                wanted.setdefault((rule.nexus_id, role), rule.id)
    open_to_them = {
        rule.nexus_id
        for rule in rules
        if rule.active
        and not any(one.state == "suspended" for (where, _), one in held.items() if where == rule.nexus_id)
        and not ((rule.nexus_id, MEMBER) in held and held[rule.nexus_id, MEMBER].state == "left")
    }
    found = [
        Change("given", where, role, map_id)
        for (where, role), map_id in wanted.items()
        if (where, role) not in held and where in open_to_them
    ]
    for (where, role), one in held.items():
        source = by_id.get(one.map_id) if one.map_id is not None else None
        if source is None or one.state != "active" or one.by != account_id:
            continue
        if gone:
            found.append(Change("taken", where, role, source.id))
        elif source.external_role != EVERYONE and roles is not None and source.external_role not in roles:
            other = wanted.get((where, role))
            found.append(Change("moved" if other else "taken", where, role, other or source.id))
    return found


def _changes(unit: Unit, one: Seen, person_id: int) -> list[Change]:
    rules: dict[int, Rule] = {}
    held: dict[tuple[int, str], Held] = {}
    for row in unit.rows(_STATE, platform=one.platform, ground=one.workspace, chat=one.chat, person=person_id):
        rules[row["id"]] = Rule(
            row["id"], row["external_role"], row["nexus_id"], row["role"], row["nexus_state"] == "active"
        )
        if row["held"] is not None:
            held[row["nexus_id"], row["held"]] = Held(row["state"], row["map_id"], row["granted_by"])
    return changes(list(rules.values()), held, one.account_id, one.roles, gone=one.gone)


def _do(unit: Unit, one: Seen, person_id: int, change: Change) -> dict[str, Any] | None:
    """Make one change. Returns its row for the audit, None where nobody has more or less than before."""
    this = {"person": person_id, "nexus": change.nexus_id, "which": change.role}
    if change.what == "moved":
        unit.changed(_MOVE, **this, map=change.map_id)
        return None
    if change.what == "taken":
        unit.changed(_TAKE, **this)
        if not roles_here(unit, person_id, change.nexus_id):
            unset_here(unit, person_id, change.nexus_id)
    else:
        if not here_of(unit, person_id) and not memberships_of(unit, person_id):
            set_here(unit, person_id, change.nexus_id)  # the first Nexus somebody is in is what they talk about
        unit.execute(
            _GIVE,
            {
                "person_id": person_id,
                "nexus_id": change.nexus_id,
                "role": change.role,
                "state": "active",
                "granted_by": one.account_id,
                "granted_at": unit.now,
                "map_id": change.map_id,
            },
        )
    return {
        "at": unit.now,
        "operation": "place.map",
        "person_id": person_id,
        "account_id": one.account_id,
        "nexus_id": change.nexus_id,
        "platform": one.platform,
        "place_id": 0,
        "origin": "system",
        "key": "",
        "allowed_by": f"role map {change.map_id}",
        "facts": {"nexus": change.nexus_id, "role": change.role, "change": change.what},
    }
