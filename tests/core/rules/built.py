"""A described world in a store, and the plain facts of a store read back: never what the engine made of them.

What the project has a function for is written through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from core.nexuses.members import suspend
from core.nexuses.tables import membership, nexus
from core.nexuses.tree import ROOT_ID, add_nexus, archive, nexus_of
from core.people.tables import person
from core.records.records import add_record
from core.records.tables import record
from core.rules import consents, links, masks
from core.rules.tables import consent, nexus_link, rule
from core.store import Unit
from tests.core.rules.reference import Consent, Link, Membership, Nexus, Picture, Record, Rule
from tests.core.rules.worlds import NOW, PEOPLE


def build(unit: Unit, world: Picture) -> dict[int, int]:
    """Write a world into a store that holds a root and no people. Returns each described Nexus's id there."""
    unit.execute(insert(person), [person_row(person_id) for person_id in world.people])
    ids = {ROOT_ID: ROOT_ID}
    for one in world.nexuses:
        if one.id != ROOT_ID:
            made = add_nexus(unit, f"Nexus {one.id}", parent_id=ids[one.parent_id or ROOT_ID], door="members")
            ids[one.id] = made.id
    put_members(unit, [Membership(m.person_id, ids[m.nexus_id], m.role, m.state) for m in world.memberships])
    unit.execute(rule.delete())
    if world.rules:
        unit.execute(
            insert(rule), [_row(unit, number, one, ids[one.nexus_id]) for number, one in enumerate(world.rules)]
        )
    masks.recompile(unit, ROOT_ID)
    for link in world.links:
        put_link(unit, Link(ids[link.nexus_id], ids[link.other_id], link.state))
    # What was said before something was written has to hold for it as well as what is said after.
    early, late = world.consents[::2], world.consents[1::2]
    for said in early:
        if not said.record_id:
            consents.set_consent(unit, said.person_id, kind=said.kind, word=said.word)
    made_ids = {one.id: put_record(unit, one, ids[one.nexus_id]) for one in world.records}
    for said in (*(c for c in early if c.record_id), *late):
        consents.set_consent(
            unit,
            said.person_id,
            kind=said.kind,
            record_id=made_ids[said.record_id] if said.record_id else 0,
            word=said.word,
        )
    for one in reversed(world.nexuses):
        if one.archived:
            archive(unit, nexus_of(unit, ids[one.id]))
    return ids


def put_members(unit: Unit, memberships: Sequence[Membership]) -> None:
    """Memberships in whatever state; a person's suspension is done as a moderator does it."""
    rows = [_membership(unit, m) for m in memberships]
    if rows:
        unit.execute(insert(membership), rows)
    for who, where in {(m.person_id, m.nexus_id) for m in memberships if m.state == "suspended"}:
        suspend(unit, who, where)


def put_link(unit: Unit, link: Link) -> None:
    """A link in its state, by the two steps that make one."""
    link_id = links.propose(unit, link.nexus_id, link.other_id, by=PEOPLE[0])
    if link.state != "proposed":
        links.accept(unit, link_id, by=PEOPLE[1])
    if link.state == "ended":
        links.end(unit, link_id, by=PEOPLE[1])


def put_record(unit: Unit, one: Record, nexus_id: int) -> int:
    """A record with its words. Returns its id."""
    record_id, _ = add_record(unit, one.kind, nexus_id=nexus_id, author_id=one.author_id, body=one.body)
    if one.state != "open":
        unit.changed(update(record).where(record.c.id == record_id).values(state=one.state))
    return record_id


def look(unit: Unit) -> Picture:
    """The plain facts in a store, as they are now."""
    return Picture(
        unit.now,
        tuple(
            Nexus(row["id"], row["parent_id"], row["state"] == "archived")
            for row in unit.rows(select(nexus).order_by(nexus.c.id))
        ),
        tuple(row["id"] for row in unit.rows(select(person.c.id).order_by(person.c.id))),
        tuple(
            Membership(row["person_id"], row["nexus_id"], row["role"], row["state"])
            for row in unit.rows(select(membership))
        ),
        tuple(Link(row["nexus_id"], row["other_id"], row["state"]) for row in unit.rows(select(nexus_link))),
        tuple(
            Rule(
                row["nexus_id"],
                row["kind"],
                row["audience"],
                row["actions"],
                row["effect"],
                row["scope"],
                bool(row["locked"]),
                row["not_after"],
            )
            for row in unit.rows(select(rule).order_by(rule.c.id))
        ),
        tuple(
            Consent(row["person_id"], row["kind"], row["record_id"], row["word"]) for row in unit.rows(select(consent))
        ),
        tuple(
            Record(row["id"], row["kind"], row["nexus_id"], row["author_id"], row["body"], row["state"])
            for row in unit.rows(select(record).order_by(record.c.id))
        ),
    )


def person_row(person_id: int) -> dict[str, Any]:
    """A person as they are stored."""
    name = f"Person {person_id}"
    return {
        "id": person_id,
        "name": name,
        "folded": name.casefold(),
        "language": "",
        "here_id": 0,
        "merged_into": None,
        "created_at": NOW,
    }


def _membership(unit: Unit, one: Membership) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "nexus_id": one.nexus_id,
        "role": one.role,
        "state": "active" if one.state == "suspended" else one.state,
        "granted_by": one.person_id,
        "granted_at": unit.now,
        "map_id": None,
    }


def _row(unit: Unit, number: int, one: Rule, nexus_id: int) -> dict[str, Any]:
    return {
        "id": 1000 + number,
        "nexus_id": nexus_id,
        "kind": one.kind,
        "audience": one.audience,
        "actions": one.actions,
        "effect": one.effect,
        "scope": one.scope,
        "locked": one.locked,
        "not_after": one.not_after,
        "made_by": PEOPLE[number % len(PEOPLE)],
        "made_at": unit.now,
    }
