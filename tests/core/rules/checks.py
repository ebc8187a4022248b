"""Properties as plain functions: each looks at a unit and lists what the engine and the reference disagree on.

The tests of properties want the lists empty; the tests of planted mutants want one that is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sqlalchemy import select

from core.access import again, counting, records
from core.errors import Conflict
from core.nexuses.tables import nexus_tree
from core.nexuses.tree import move, nexus_of
from core.operations.context import Audience, AudienceKind
from core.records.search import query_words, rank
from core.records.tables import record
from core.rules import lists as listing
from core.rules import masks, resolver, why
from core.rules.decide import word_of
from core.rules.kinds import SHARED
from core.rules.tables import rule_mask
from core.rules.words import ANY, Action
from core.store import Unit
from tests.core.rules.built import look
from tests.core.rules.reference import PRIVATE, REACH_DOWN, Picture, Reader, Record
from tests.core.rules.worlds import KINDS, WORDS

Disagreements = list[str]


@dataclass(frozen=True)
class Row:
    """What the engine wants to know of a record."""

    id: int
    kind: str
    nexus_id: int
    author_id: int
    ceiling: int


def rows(unit: Unit) -> dict[int, Row]:
    """The records of a store as the engine takes them."""
    columns = (record.c.id, record.c.kind, record.c.nexus_id, record.c.author_id, record.c.ceiling)
    return {row["id"]: Row(**row) for row in unit.rows(select(*columns))}


def decisions(unit: Unit, picture: Picture | None = None, actions: Sequence[Action] = tuple(Action)) -> Disagreements:
    """Every audience, every record, every action."""
    seen = picture or look(unit)
    found: Disagreements = []
    stored = rows(unit)
    for audience in seen.everybody():
        for one in seen.records:
            row = stored[one.id]
            for action in actions:
                told, right = resolver.may(unit, audience, row, action), seen.may(audience, one, action)
                if told != right:
                    found.append(f"may: {audience} {action.word} {one}: {told}, should be {right}")
            if resolver.may_hear(unit, audience, row) != seen.may_hear(audience, one):
                found.append(f"may_hear: {audience} {one}: should be {seen.may_hear(audience, one)}")
    return found


def kinds(unit: Unit, picture: Picture | None = None) -> Disagreements:
    """What the rules alone say, for every kind in every Nexus."""
    seen = picture or look(unit)
    return [
        f"may_kind: {audience} {action.word} {kind} in {nexus}: should be {right}"
        for audience in seen.everybody()
        for nexus in seen.nexuses
        for kind in KINDS
        for action in Action
        if resolver.may_kind(unit, audience, nexus.id, kind, action)
        != (right := seen.may_kind(audience, nexus.id, kind, action))
    ]


def stored_masks(unit: Unit) -> Disagreements:
    """The stored rows say what each chain of rules comes to, for kinds that are named and for those that are not.

    A row may have been written when some rule was in force that has ended since: then it says so itself.
    """
    words = {(row["nexus_id"], row["kind"]): (row["word"], row["until"]) for row in unit.rows(select(rule_mask))}
    found = []
    for nexus in look(unit).nexuses:
        chain = masks.rules_on_chain(unit, nexus.id)
        for kind in KINDS:
            told = words.get((nexus.id, kind)) or words[nexus.id, ANY]
            right = word_of(chain, kind, unit.now)
            over = told[1] is not None and told[1] <= unit.now
            if told != right and not over:
                found.append(f"rule_mask: {kind} in {nexus}: {told}, should be {right}")
    return found


def closure(unit: Unit) -> Disagreements:
    """The closure of the tree is what the parents say."""
    told = {(row["ancestor_id"], row["descendant_id"], row["depth"]) for row in unit.rows(select(nexus_tree))}
    seen = look(unit)
    right = {(above, one.id, depth) for one in seen.nexuses for depth, above in enumerate(seen.chain(one.id))}
    return [f"nexus_tree: {told ^ right}"] if told != right else []


def lists(unit: Unit, picture: Picture | None = None) -> Disagreements:
    """A list is what the check lets through, newest first, and no shorter than asked while there is more."""
    seen = picture or look(unit)
    found: Disagreements = []

    def compare(what: str, audience: Audience, told: list[int], right: list[Record]) -> None:
        if told != [r.id for r in right]:
            found.append(f"{what}: {audience}: {told}, should be {[r.id for r in right]}")

    # The engine underneath matters for the form of a statement alone, and there it is slow to ask so often.
    everybody = list(seen.everybody())[:: 3 if unit.postgres else 1]
    for audience in everybody:
        for state in ("open", "closed"):
            for some in (KINDS, SHARED, ("need",), ("offer", "thought")):
                right = [r for r in seen.newest(audience, state=state) if r.kind in some]
                for most in (1, 3, 50):
                    told = [r.id for r in listing.newest(unit, audience, some, most, state=state)]
                    compare(f"newest {most} {state} {some}", audience, told, right[:most])
        ids = [one.id for one in seen.records]
        right = [one for one in seen.records if seen.may_hear(audience, one)]
        compare("heard again", audience, sorted(again.those_heard(unit, audience, ids)), right)
        for last in seen.records[:: len(seen.records) // 3 or 1]:
            right = [r for r in seen.newest(audience, state="open") if r.id < last.id]
            told = [r.id for r in listing.newest(unit, audience, KINDS, 2, before=last.id)]
            compare(f"newest before {last.id}", audience, told, right[:2])
        for nexus in seen.nexuses:
            for kind in KINDS:
                right = seen.newest(audience, nexus_id=nexus.id, kind=kind, state="open")
                told = [r.id for r in listing.newest(unit, audience, (kind,), 50, nexus_id=nexus.id)]
                compare(f"newest {kind} in {nexus.id}", audience, told, right)
                told = [r.id for r in records.open_records(unit, audience, kind, nexus_id=nexus.id, most=2)]
                compare(f"open_records {kind} in {nexus.id}", audience, told, right[:2])
        for author in seen.people:
            for kind in KINDS:
                right = seen.newest(audience, author_id=author, kind=kind, state="open")
                told = [r.id for r in listing.newest(unit, audience, (kind,), 50, author_id=author)]
                compare(f"newest {kind} by {author}", audience, told, right)
                told = [r.id for r in records.open_records_by(unit, audience, kind, author, most=2)]
                compare(f"open_records_by {kind} {author}", audience, told, right[:2])
    return found


def searches(unit: Unit, picture: Picture | None = None) -> Disagreements:
    """A search is what the check lets through of all that fits, ranked as if there were nothing else."""
    seen = picture or look(unit)
    found = []
    for audience in seen.everybody():
        for words in (WORDS[:1], WORDS[1:3], WORDS):
            for kind in (None, "need"):
                visible = [r for r in seen.newest(audience, state="open") if kind in (None, r.kind)]
                right = [r.id for r in rank(query_words(" ".join(words)), visible)]
                told = [r.id for r in records.search_records(unit, audience, " ".join(words), kind, most=2)]
                if told != right[:2]:
                    found.append(f"search {words} {kind}: {audience}: {told}, should be {right[:2]}")
    return found


def explanations(unit: Unit, picture: Picture | None = None) -> Disagreements:
    """What is explained is what is decided; every reason in it is true, and none is missing."""
    seen = picture or look(unit)
    found: Disagreements = []
    stored = rows(unit)
    for person_id in seen.people:
        audience = Audience(AudienceKind.PERSON, person_id)
        for one in seen.records:
            row = stored[one.id]
            for action in Action:
                told = why.explain(
                    unit, person_id, action, kind=one.kind, nexus_id=one.nexus_id, record=row, record_id=one.id
                )
                if told.allowed != seen.may(audience, one, action):
                    found.append(f"explain: {person_id} {action.word} {one}: {told}")
                found += [f"explain: {person_id} {action.word} {one}: {wrong}" for wrong in _untrue(seen, told, one)]
                told = why.explain(unit, person_id, action, kind=one.kind, nexus_id=one.nexus_id)
                if told.allowed != seen.may_kind(audience, one.nexus_id, one.kind, action):
                    found.append(f"explain: {person_id} {action.word} {one.kind} in {one.nexus_id}: {told}")
            told = why.explain(
                unit, person_id, Action.EXPORT, kind=one.kind, nexus_id=one.nexus_id, record=row, record_id=one.id
            )
            found += _unsaid(seen, told, one, person_id)
    return found


def _untrue(seen: Picture, told: why.Explanation, one: Record) -> Disagreements:
    """Reasons that are not so."""
    wrong = []
    for way in told.ways:
        if way.allowed != seen.allowed(one.nexus_id, one.kind, way.action, way.audience):
            wrong.append(f"allowed: {way}")
        if (way.consent is None) != seen.consented(one, way.action, way.audience):
            wrong.append(f"consent: {way}")
        if (way.rule is None) != (not any(seen.speaking(one.nexus_id, one.kind, way.action, way.audience))):
            wrong.append(f"rule: {way}")
        if way.rule is not None and (way.rule.effect == "permit") != way.allowed:
            wrong.append(f"the rule says otherwise: {way}")
        if way.audience != "public" and not _belongs(seen, way, one):
            wrong.append(f"through: {way}")
    return wrong


def _belongs(seen: Picture, way: why.Way, one: Record) -> bool:
    """Whether a role in the Nexus that is named makes somebody one of the audience that is named."""
    role = way.audience if way.audience in (*REACH_DOWN, "guest") else "member"
    return way.through > 0 and way.audience in seen.audiences(Reader(((way.through, role),)), one.nexus_id)


def _unsaid(seen: Picture, told: why.Explanation, one: Record, person_id: int) -> Disagreements:
    """Ways that were left out, of the three actions that an export needs."""
    if one.author_id == person_id:
        right = "author"
    elif one.kind in PRIVATE:
        right = "private"
    else:
        right = "closed" if seen.nexus(one.nexus_id).archived else "ways"
    theirs = seen.audiences(seen.person(person_id), one.nexus_id) if right == "ways" else ()
    ways = {(action, name) for action in (Action.SEE, Action.QUOTE, Action.EXPORT) for name in theirs}
    if (told.why, {(way.action, way.audience) for way in told.ways}) != (right, ways):
        return [f"explain: {person_id} {one}: {told}, should be {right} and {ways}"]
    return []


def counts(unit: Unit, picture: Picture | None = None) -> Disagreements:
    """Whoever is counted has something open that the rules, and their consent, let all of the audience count."""
    seen = picture or look(unit)
    found = []
    everywhere = [one.id for one in seen.nexuses]
    for audience in list(seen.everybody())[:: 3 if unit.postgres else 1]:
        eyes = [replace(reader, person_id=0) for reader in seen.readers(audience)]
        for kind in SHARED:
            told = counting.countable(unit, audience, kind, everywhere)
            right = {
                one.author_id
                for one in seen.records
                if one.kind == kind and one.state == "open"
                if all(seen.reader_may(eye, one, Action.AGGREGATE) for eye in eyes)
            }
            if told != right:
                found.append(f"countable: {audience} {kind}: {told}, should be {right}")
    return found


def moves(unit: Unit, random: Random) -> Disagreements:
    """Wherever a Nexus is moved, everything there is as if it had always been there."""
    found: Disagreements = []
    ids = [one.id for one in look(unit).nexuses]
    for _ in range(3):
        moved, parent = random.choice(ids[1:]), random.choice(ids)
        with suppress(Conflict), unit.savepoint():
            move(unit, nexus_of(unit, moved), nexus_of(unit, parent))
            found += closure(unit) + stored_masks(unit) + decisions(unit, actions=(Action.SEE,))
    return found


ALL_CHECKS: tuple[Callable[[Unit], Disagreements], ...] = (
    decisions,
    kinds,
    stored_masks,
    closure,
    lists,
    searches,
    counts,
    explanations,
)


ABOVE_THE_STORE = (kinds, explanations)  # made of what the others have looked at; nothing of the engine is in it


def check(unit: Unit) -> Disagreements:
    """All of the above, in the store as this unit sees it."""
    chosen = [each for each in ALL_CHECKS if not (unit.postgres and each in ABOVE_THE_STORE)]
    return [one for each in chosen for one in each(unit)]


def everything(unit: Unit) -> dict[str, Any]:
    """All that the engine says to anybody, without ids: to compare it between two stores."""
    seen, stored = look(unit), rows(unit)
    place = {one.id: number for number, one in enumerate(seen.records)}
    said: dict[str, Any] = {}
    for number, audience in enumerate(seen.everybody()):
        said[f"{number} may"] = [
            [resolver.may(unit, audience, stored[one.id], action) for action in Action] for one in seen.records
        ]
        said[f"{number} newest"] = [place[stub.id] for stub in listing.newest(unit, audience, KINDS, 50)]
        said[f"{number} search"] = [place[one.id] for one in records.search_records(unit, audience, " ".join(WORDS))]
    words = {(row["nexus_id"], row["kind"]): (row["word"], row["until"]) for row in unit.rows(select(rule_mask))}
    for number, nexus in enumerate(seen.nexuses):
        said[f"mask {number}"] = sorted((kind, one) for (where, kind), one in words.items() if where == nexus.id)
    return said
