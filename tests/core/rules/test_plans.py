"""Every question about rights is read by an index, however the planner is tempted: with statistics and without.

SQLite turned a list of 0.2 ms into one of 23 ms by a bloom filter once, and a full scan grows with the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, insert, text

from core.access import again, nexuses, people
from core.access import records as access
from core.errors import NexusError
from core.ids import new_handle
from core.nexuses import founding
from core.nexuses.members import is_suspended, members_of, memberships_of, roles_here, standing_in
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import ROOT_ID, below, chain
from core.operations import Actor, Context, Origin, Where
from core.operations.context import Audience, AudienceKind
from core.people.tables import person
from core.records.records import index
from core.records.tables import record
from core.rules import consents, links, lists, masks, resolver, rules, why
from core.rules.tables import consent, nexus_link, rule
from core.rules.words import ALL, Action, pack_actions
from core.store import Store, Unit
from tests.core.rules.built import person_row
from tests.core.rules.checks import Row
from tests.core.rules.worlds import KINDS, NOW

GUARDED = ("membership", "nexus_tree", "rule", "rule_mask", "record", "consent", "nexus_link")
NEXUSES, MANY_PEOPLE, RECORDS = 400, 300, 4_000
OWNER, MEMBER, STRANGER = 1, 2, 3  # people
DEEP = 12  # Nexuses in a row
_TABLES = "|".join(GUARDED)
_NAMED = re.compile(rf'\b({_TABLES})\b(?:\s+(?:AS\s+)?"?(\w+)"?)?', re.IGNORECASE)
_NO_NAMES = {"where", "on", "join", "order", "group", "limit", "set", "as", "cross", "left", "inner"}

# What has to be among what is asked, or the rest proves little.
FORMS = (
    "FROM record WHERE author_id = ",
    "FROM record WHERE nexus_id = ",
    "FROM record WHERE kind = ",
    "FROM (VALUES ",
    "FROM record_text",
    "FROM membership WHERE person_id = ",
    "FROM rule_mask WHERE epoch > ",
    "FROM rule_epoch",
)


def fill(unit: Unit) -> None:
    """A forest of chains below the root, people at their ends, rules on every level, and much to see."""
    unit.execute(insert(person), [person_row(number) for number in range(1, MANY_PEOPLE + 1)])
    ids = range(2, NEXUSES + 2)
    parents = {number: ROOT_ID if (number - 2) % DEEP == 0 else number - 1 for number in ids}
    unit.execute(insert(nexus), [_nexus(number, parents[number]) for number in ids])
    above = {ROOT_ID: [ROOT_ID]}
    for number in ids:
        above[number] = [number, *above[parents[number]]]
    closure = [
        {"ancestor_id": one, "descendant_id": number, "depth": depth}
        for number in ids
        for depth, one in enumerate(above[number])
    ]
    unit.execute(insert(nexus_tree), closure)
    held = {(OWNER, ROOT_ID, "owner"), (OWNER, ROOT_ID, "member"), (MEMBER, 7, "member"), (MEMBER, 40, "guest")}
    held |= {(who, 2 + (who * step) % NEXUSES, "member") for who in range(4, MANY_PEOPLE) for step in (1, 7, 11)}
    unit.execute(insert(membership), [_membership(*one) for one in sorted(held)])
    unit.execute(insert(rule), [_rule(number) for number in ids])
    unit.execute(
        insert(nexus_link),
        [
            {
                "id": number,
                "nexus_id": number,
                "other_id": number + 20,
                "state": "active",
                "proposed_by": 1,
                "decided_by": 1,
                "at": NOW,
                "epoch": 1,
            }
            for number in range(2, 200)
        ],
    )
    masks.rebuild(unit)
    unit.execute(
        insert(consent),
        [
            {"person_id": who, "kind": "need", "record_id": 0, "word": ALL >> 1, "set_at": NOW}
            for who in range(4, MANY_PEOPLE, 3)
        ],
    )
    written = [_record(number) for number in range(1, RECORDS + 1)]
    unit.execute(insert(record), written)
    index(unit, [(one["id"], one["body"], one["nexus_id"], one["author_id"]) for one in written])


def _nexus(number: int, parent: int) -> dict[str, Any]:
    return {
        "id": number,
        "parent_id": parent,
        "name": f"Nexus {number}",
        "folded": f"nexus {number}",
        "slug": f"nexus-{number}",
        "door": ("members", "open", "private")[number % 3],
        "state": "active",
        "version": 1,
        "created_at": NOW,
        "epoch": 1,
    }


def _membership(who: int, where: int, role: str) -> dict[str, Any]:
    return {
        "person_id": who,
        "nexus_id": where,
        "role": role,
        "state": "active",
        "granted_by": who,
        "granted_at": NOW,
        "map_id": None,
    }


def _rule(number: int) -> dict[str, Any]:
    public = number % 100 == 0  # few enough to be looked at one by one
    return {
        "id": 10_000 + number,
        "nexus_id": number,
        "kind": ("need", "offer", "*")[number % 3],
        "audience": "public" if public else ("member", "sub-member", "ancestor-member", "linked-member")[number % 4],
        "actions": pack_actions(Action),
        "effect": "permit",
        "scope": "self" if public else "subtree",
        "locked": False,
        "not_after": None if number % 4 else NOW + number,
        "made_by": 1,
        "made_at": NOW,
    }


def _record(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "handle": new_handle(8),
        "kind": KINDS[number % 4],
        "nexus_id": 1 + number % NEXUSES,
        "author_id": 1 + number % MANY_PEOPLE,
        "body": ("logo", "violin", "desk")[number % 3] + f" number {number}",
        "state": "open" if number % 10 else "closed",
        "outcome": "",
        "version": 1,
        "created_at": NOW,
        "closed_at": None,
    }


AUDIENCES = (
    Audience(AudienceKind.PERSON, OWNER),
    Audience(AudienceKind.PERSON, MEMBER),
    Audience(AudienceKind.PERSON, STRANGER),
    Audience(AudienceKind.PERSON, 0),
    Audience(AudienceKind.MEMBERS, nexus_id=7),
    Audience(AudienceKind.MEMBERS, nexus_id=ROOT_ID),
    Audience(AudienceKind.PEOPLE, people=(0, OWNER)),
    Audience(AudienceKind.PEOPLE, people=(MEMBER, 9)),
    Audience(AudienceKind.PUBLIC),
)


def ask_everything(unit: Unit) -> None:
    """All that is asked about rights, by everybody, once from nothing and once from what is remembered by then."""
    written = [_record(number) for number in (1, 2, 3, 4)]
    some = [Row(one["id"], one["kind"], one["nexus_id"], one["author_id"], ALL) for one in written]
    for audience in AUDIENCES:
        _ask(unit, audience, some)
    for who in (OWNER, MEMBER, STRANGER):
        for one in some:
            why.explain(unit, who, Action.EXPORT, kind=one.kind, nexus_id=one.nexus_id, record=one, record_id=one.id)
        for where in (ROOT_ID, 7, 40):
            standing_in(unit, who, where)
            roles_here(unit, who, where)
            is_suspended(unit, who, where)
        memberships_of(unit, who)
        consents.consents_of(unit, who)
        consents.ceiling(consents.consents_of(unit, who), "need")
    for where in (ROOT_ID, 7, 40):
        rules.rules_of(unit, where)
        masks.rules_on_chain(unit, where)
        links.links_of(unit, where)
        links.link_between(unit, where, 30)
        members_of(unit, where)
        chain(unit, where)
        below(unit, where)
    access.count_open(unit, [7, 8, 9], "need")


def _ask(unit: Unit, audience: Audience, some: Sequence[Row]) -> None:
    for one in some:
        for action in Action:
            resolver.may(unit, audience, one, action)
        resolver.may_kind(unit, audience, one.nexus_id, one.kind, Action.SEE)
        access.record_heard(unit, audience, f"={one.id}")
    again.those_heard(unit, audience, [one.id for one in some])
    for kind in KINDS:
        for most in (1, 20, 200):
            lists.newest(unit, audience, (kind,), most)
            lists.newest(unit, audience, (kind,), most, state="closed")
        access.open_records(unit, audience, kind, nexus_id=7)
        access.open_records_by(unit, audience, kind, MEMBER)
        access.open_records_by(unit, audience, kind, 9)
    access.newest_records(unit, audience, KINDS)
    for query in ("logo", "violin desk"):
        access.search_records(unit, audience, query)
        access.search_records(unit, audience, query, "need")
    actor = audience.person_id or MEMBER
    context = Context(unit, Actor(actor, "Somebody"), 7, audience, Where("terminal"), Origin.COMMAND)
    access.suggest_records(context, "need", "logo", 5)
    for words in ("#k0000", "=4", "logo", "last"):
        with suppress(NexusError):
            access.access_record(context, "need", words)
    for where in (7, 40):
        nexuses.may_know_nexus(unit, audience, where)
        nexuses.visible_children(unit, audience, where, 20)
    for someone in (OWNER, 9):
        people.may_know_person(unit, audience, someone)


def names_in(statement: str) -> dict[str, str]:
    """By the names that a plan may use, the guarded tables of a statement."""
    found = {}
    for table, alias in _NAMED.findall(statement):
        found[table.lower()] = table.lower()
        if alias and alias.lower() not in _NO_NAMES:
            found[alias.lower()] = table.lower()
    return found


def traced(store: Store, unit: Callable[[Unit], None]) -> list[str]:
    """The statements that a unit reads with on SQLite, with their values."""
    said: list[str] = []

    def watched(inner: Unit) -> None:
        driver = inner.connection.connection.dbapi_connection
        assert driver is not None
        driver.set_trace_callback(said.append)
        try:
            unit(inner)
        finally:
            driver.set_trace_callback(None)

    store.read(watched).result()
    return list(dict.fromkeys(one for one in said if one.lstrip().upper().startswith(("SELECT", "WITH"))))


def wrong_with(statement: str, plan: Sequence[str]) -> list[str]:
    """What a plan of SQLite has that it must not have."""
    names = names_in(statement)
    found = []
    for line in plan:
        what, *rest = line.split()
        scanned = what == "SCAN" and rest[0].lower() in names and "VIRTUAL TABLE" not in line
        if scanned or "BLOOM FILTER" in line or "AUTOMATIC" in line:
            found.append(line)
    return found


def filled(store: Store, *, statistics: bool) -> None:
    store.write(founding.found).result()
    store.write(fill).result()
    if statistics:
        store.write(lambda unit: unit.execute(text("ANALYZE"))).result()


@pytest.mark.parametrize("statistics", [True, False], ids=["with statistics", "without"])
def test_nothing_is_scanned_on_sqlite(new_store: Callable[[str], Store], *, statistics: bool) -> None:
    store = new_store("sqlite")
    filled(store, statistics=statistics)
    asked = [*traced(store, ask_everything), *traced(store, ask_everything)]
    for form in FORMS:
        assert any(form in statement for statement in asked), form
    wrong: dict[str, list[str]] = {}
    sorted_apart: dict[str, list[str]] = {}

    def explain(unit: Unit) -> None:
        for statement in asked:
            plan = [row[3] for row in unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            found = wrong_with(statement, plan)
            if found:
                wrong[statement] = found
            if _is_a_list(statement) and any("TEMP B-TREE" in line for line in plan):
                sorted_apart[statement] = plan

    store.read(explain).result()
    assert wrong == {}
    assert sorted_apart == {}, "a list comes out of its index in order"


def _is_a_list(statement: str) -> bool:
    return statement.startswith("SELECT id, kind, nexus_id, author_id, ceiling FROM record ")


@pytest.mark.parametrize("engine", ["postgres"])
def test_nothing_has_to_be_scanned_on_postgres(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, statistics=True)
    asked: dict[str, Any] = {}
    engine = store._reading  # type: ignore[attr-defined]

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and not many:
            asked.setdefault(statement, parameters)

    straight = Unit._on_postgres  # what goes to the driver by itself is no event of the engine

    def noted(unit: Unit, sql: str, values: tuple[Any, ...]) -> Any:
        asked.setdefault(sql, values)
        return straight(unit, sql, values)

    monkeypatch.setattr(Unit, "_on_postgres", noted)
    event.listen(engine, "before_cursor_execute", remember)
    try:
        store.read(ask_everything).result()
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    for form in FORMS:
        assert any(form in statement for statement in asked), form
    wrong: dict[str, list[str]] = {}
    with psycopg.connect(store.url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET enable_seqscan = off")
        for statement, parameters in asked.items():
            plan = [row[0] for row in connection.execute(f"EXPLAIN {statement}".encode(), parameters)]
            scans = [line for line in plan if any(re.search(rf"Seq Scan on {table}\b", line) for table in GUARDED)]
            if scans:
                wrong[statement] = plan
    assert wrong == {}


@pytest.mark.parametrize(
    ("statement", "plan"),
    [
        ("SELECT * FROM membership", ["SCAN membership"]),
        ("SELECT role FROM membership AS mine", ["SCAN mine USING COVERING INDEX x"]),
        ("SELECT id FROM record r JOIN rule ON true", ["SEARCH r USING INDEX x (id=?)", "SCAN rule"]),
        ("SELECT 1 FROM nexus_tree", ["BLOOM FILTER ON nexus_tree (descendant_id=?)"]),
        ("SELECT 1 FROM nexus_tree", ["SEARCH nexus_tree USING AUTOMATIC COVERING INDEX (depth=?)"]),
    ],
)
def test_it_knows_a_bad_plan(statement: str, plan: list[str]) -> None:
    assert wrong_with(statement, plan)


def test_it_knows_a_good_one() -> None:
    plan = ["SEARCH r USING INDEX x (id=?)", "SCAN t VIRTUAL TABLE INDEX 0:M2", "SCAN nexus"]
    assert wrong_with("SELECT 1 FROM record_text t JOIN record r ON r.id = t.rowid JOIN nexus ON true", plan) == []
