"""What authors consent to: a ceiling on one of their records, on a kind, or on everything. It only ever narrows.

A record carries what all of its author's consents come to together (`record.ceiling`), so that a decision needs nothing
else; whatever changes a consent brings the records in line, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from core.nexuses.members import hold
from core.records.tables import record
from core.rules.tables import consent
from core.rules.words import ALL, ANY
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent of a person. `kind` is `ANY` for everything; `record_id` is 0 for a whole kind."""

    kind: str
    record_id: int
    word: int
    set_at: int


_OF = (
    select(consent.c.kind, consent.c.record_id, consent.c.word, consent.c.set_at)
    .where(consent.c.person_id == bindparam("person"))
    .order_by(consent.c.kind, consent.c.record_id)
)
_THIS = (
    consent.c.person_id == bindparam("person"),
    consent.c.kind == bindparam("which"),
    consent.c.record_id == bindparam("of_record"),
)
_DROP = delete(consent).where(*_THIS)
_ADD = insert(consent)
_MINE = select(record.c.id, record.c.kind, record.c.ceiling).where(record.c.author_id == bindparam("person"))
_ONE = _MINE.where(record.c.id == bindparam("of_record"))
_SET = update(record).where(record.c.id == bindparam("of_record")).values(ceiling=bindparam("word"))


def consents_of(unit: Unit, person_id: int) -> Sequence[Consent]:
    """Everything that a person has said about what is theirs."""
    return [Consent(**row) for row in unit.rows(_OF, person=person_id)]


def ceiling_for(unit: Unit, person_id: int, kind: str) -> int:
    """What a person consents to for a new record of a kind; no consent of theirs changes before this unit ends."""
    hold(unit, person_id)
    return ceiling(consents_of(unit, person_id), kind)


def ceiling(consents: Sequence[Consent], kind: str, record_id: int = 0) -> int:
    """What these consents come to for a record. Pure."""
    word = ALL
    for one in consents:
        if one.kind in (ANY, kind) and one.record_id in (0, record_id):
            word &= one.word
    return word


def set_consent(unit: Unit, person_id: int, *, kind: str = ANY, record_id: int = 0, word: int) -> None:
    """Say what may be done with one's own things, instead of what one said about the same before; `ALL` says nothing.

    `kind` goes with `record_id`: it is the record's kind.
    """
    hold(unit, person_id)  # nothing new of theirs comes in that has not heard of it
    unit.changed(_DROP, person=person_id, which=kind, of_record=record_id)
    if word != ALL:
        unit.execute(
            _ADD, {"person_id": person_id, "kind": kind, "record_id": record_id, "word": word, "set_at": unit.now}
        )
    align(unit, person_id, record_id)


def align(unit: Unit, person_id: int, record_id: int = 0) -> None:
    """Bring a person's records (or one) in line with what they have said."""
    consents = consents_of(unit, person_id)
    rows = unit.rows(_ONE, person=person_id, of_record=record_id) if record_id else unit.rows(_MINE, person=person_id)
    due = [
        {"of_record": row["id"], "word": wanted}
        for row in rows
        if (wanted := ceiling(consents, row["kind"], row["id"])) != row["ceiling"]
    ]
    if due:
        unit.execute(_SET, due)


_ALL_OF = select(consent).where(consent.c.person_id == bindparam("person"))
_DROP_ALL = delete(consent).where(consent.c.person_id == bindparam("person"))


def unite_consents(unit: Unit, *, old: int, new: int) -> None:
    """Two people turn out to be one: what either said holds. Called once all their records are one's."""
    said = {(row["kind"], row["record_id"]): dict(row) for row in unit.rows(_ALL_OF, person=new)}
    for row in unit.rows(_ALL_OF, person=old):
        both = said.get((row["kind"], row["record_id"]))
        said[row["kind"], row["record_id"]] = dict(row) | {
            "person_id": new,
            "word": row["word"] & (both["word"] if both else ALL),
        }
    unit.changed(_DROP_ALL, person=old)
    unit.changed(_DROP_ALL, person=new)
    if said:
        unit.execute(_ADD, list(said.values()))
    align(unit, new)
