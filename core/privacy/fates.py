"""What an export takes from single tables, and what forgetting does to them, where it is more than deleting rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, bindparam, delete, func, literal, or_, select, text, type_coerce, update

from core.audit.tables import audit, effect
from core.counts.counts import forget_person as uncount
from core.counts.tables import told_count
from core.invites.tables import invite
from core.nexuses.tables import membership
from core.notices.tables import notice
from core.people.tables import account_history, person
from core.places.tables import place, place_reader
from core.privacy import bans
from core.privacy.personal import by_person, plain, rows_of
from core.privacy.tables import renewal
from core.privacy.whose import Whose, texts_in
from core.records.tables import record
from core.rules.tables import consent
from core.store import Unit

NAMELESS = "Somebody who left"

# --- people and accounts
_FORGET_PERSON = (
    update(person)
    .where(by_person(person, "id"))
    .values(name=NAMELESS, folded="", language="", here_id=0, forgotten_at=bindparam("at"))
)


def forget_person(unit: Unit, who: Whose) -> None:
    """Leave a number that is called nothing."""
    unit.changed(_FORGET_PERSON, people=list(who.people), at=unit.now)


def export_person(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Who they are here."""
    return rows_of(
        unit,
        person,
        ("id", "name", "language", "created_at", "merged_into"),
        by_person(person, "id"),
        people=who.people,
    )


_DROP_MEMBERSHIPS = delete(membership).where(by_person(membership))


def forget_memberships(unit: Unit, who: Whose) -> None:
    """All but what a suspension leaves: being forgotten is no way back in."""
    bans.keep(unit, who.people, who.keys)
    unit.changed(_DROP_MEMBERSHIPS, people=list(who.people))


_HISTORY = delete(account_history).where(
    or_(by_person(account_history), account_history.c.account_id.in_(bindparam("accounts", expanding=True)))
)


def forget_history(unit: Unit, who: Whose) -> None:
    """Which account was whose."""
    unit.changed(_HISTORY, people=list(who.people), accounts=list(who.account_ids))


# --- places
_DIRECT = (place.c.kind == "direct",)
_SPOKEN_IN = select(audit.c.place_id).where(by_person(audit), audit.c.place_id != 0)
_DIRECT_OF_AUDIT = select(place.c.id).where(*_DIRECT, place.c.id.in_(_SPOKEN_IN))
_DIRECT_OF_ACCOUNT = select(place.c.id).where(
    *_DIRECT, place.c.platform == bindparam("platform"), place.c.external_id.in_([bindparam("named"), bindparam("at")])
)
_DROP_PLACES = delete(place).where(place.c.id.in_(bindparam("places", expanding=True)))
_DROP_READERS = delete(place_reader).where(place_reader.c.place_id.in_(bindparam("places", expanding=True)))


def direct_places(unit: Unit, who: Whose) -> list[int]:
    """Row ids of the direct chats with a person."""
    found = {row["id"] for row in unit.rows(_DIRECT_OF_AUDIT, people=list(who.people))}
    for one in who.accounts:
        rows = unit.rows(
            _DIRECT_OF_ACCOUNT,
            platform=one["platform"],
            named=one["external_id"],
            at=one["direct_place"] or one["external_id"],
        )
        found |= {row["id"] for row in rows}
    return sorted(found)


def delete_places(unit: Unit, places: list[int]) -> None:
    """Delete direct chats."""
    unit.changed(_DROP_READERS, places=places)
    unit.changed(_DROP_PLACES, places=places)


def forget_places(unit: Unit, who: Whose) -> None:
    """Their direct chats."""
    delete_places(unit, direct_places(unit, who))


def export_places(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Their direct chats."""
    columns = ("id", "platform", "workspace", "external_id", "thread", "kind", "title", "created_at")
    condition = place.c.id.in_(bindparam("places", expanding=True))
    return rows_of(unit, place, columns, condition, places=direct_places(unit, who))


_READS = (
    place_reader.c.external_id == bindparam("called"),
    place_reader.c.place_id.in_(select(place.c.id).where(place.c.platform == bindparam("platform"))),
)
_READ = select(place_reader.c.place_id).where(*_READS)
_UNKNOWN_READER = (
    update(place_reader)
    .where(*_READS, place_reader.c.place_id == bindparam("there"))
    .values(external_id=bindparam("somebody"))
)


def forget_reader(unit: Unit, who: Whose) -> None:
    """They still read there as far as anybody knows, so somebody does: less is said to a place than more."""
    for platform, _, external_id in who.keys:
        for row in unit.rows(_READ, platform=platform, called=external_id):
            unit.changed(
                _UNKNOWN_READER,
                platform=platform,
                called=external_id,
                there=row["place_id"],
                somebody=f"?{unit.new_id()}",
            )


def export_reader(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Where a platform lists them as a reader."""
    return [
        {"place_id": str(row["place_id"]), "platform": platform, "external_id": external_id}
        for platform, _, external_id in who.keys
        for row in unit.rows(_READ, platform=platform, called=external_id)
    ]


# --- records
_UNINDEX = {
    False: text("DELETE FROM record_text WHERE rowid = :id"),
    True: text("DELETE FROM record_text WHERE id = :id"),
}
_DROP_RECORDS = delete(record).where(record.c.id == bindparam("record_id"))
_DROP_RENEWALS = delete(renewal).where(renewal.c.record_id == bindparam("record_id_"))
OF_MINE = renewal.c.record_id.in_(select(record.c.id).where(by_person(record, "author_id")))
_DROP_CONSENTS = delete(consent).where(consent.c.record_id == bindparam("record_id_"))


def delete_records(unit: Unit, ids: list[int]) -> None:
    """Delete records with their words in the index, consents about them, and until when they were kept on."""
    if not ids:
        return
    unit.execute(_UNINDEX[unit.postgres], [{"id": one} for one in ids])
    unit.execute(_DROP_RECORDS, [{"record_id": one} for one in ids])
    for statement in (_DROP_CONSENTS, _DROP_RENEWALS):
        unit.execute(statement, [{"record_id_": one} for one in ids])


def forget_records(unit: Unit, who: Whose) -> None:
    """All of theirs."""
    delete_records(unit, sorted(who.records))


# --- what follows from what somebody did
_KEYS = select(audit.c.key).where(by_person(audit), audit.c.key != "")
_DROP_EFFECTS = delete(effect).where(effect.c.key.in_(_KEYS))
_RESULTS = select(effect.c.key, effect.c.result.label("told")).where(type_coerce(effect.c.result, Text) != "{}")
_BLANK_RESULT = update(effect).where(effect.c.key == bindparam("key_")).values(result={})


def forget_effects(unit: Unit, who: Whose) -> None:
    """Their own; others' go by what is in them, with `forget_words`."""
    unit.changed(_DROP_EFFECTS, people=list(who.people))  # others' go by what is in them: `forget_words`


def export_effects(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What is kept of their calls, so that none is done twice."""
    return [
        {"key": row["key"], "result": row["result"], "at": plain("at", row["at"])}
        for row in unit.rows(_MY_EFFECTS, people=list(who.people))
    ]


_MY_EFFECTS = select(effect).where(effect.c.key.in_(_KEYS)).order_by(effect.c.at)

_TOLD = select(notice.c.id.label("key"), notice.c.data.label("told")).where(type_coerce(notice.c.data, Text) != "{}")
_DROP_NOTICE = delete(notice).where(notice.c.id == bindparam("key_"))

_CLOSE_INVITES = (
    update(invite).where(by_person(invite, "made_by"), invite.c.state == "open").values(state="revoked", uses_left=0)
)


def forget_invites(unit: Unit, who: Whose) -> None:
    """Theirs let nobody in any more."""
    unit.changed(_CLOSE_INVITES, people=list(who.people))


def export_invites(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Those that they made."""
    columns = ("id", "handle", "nexus_id", "role", "uses_left", "approval", "state", "created_at", "expires_at")
    return rows_of(unit, invite, columns, by_person(invite, "made_by"), people=list(who.people))


_TOLD_COUNTS = select(told_count.c.id, told_count.c.people).order_by(told_count.c.id)


def forget_counted(unit: Unit, who: Whose) -> None:
    """Out of the sets behind numbers that were told; the numbers say nothing about anybody and stay as they were."""
    for person_id in who.people:
        uncount(unit, person_id)


def export_counted(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """In which numbers that were told they were counted."""
    mine = set(who.people)
    return [{"id": str(row["id"])} for row in unit.rows(_TOLD_COUNTS) if mine & set(row["people"])]


def export_audit(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What they did."""
    columns = ("seq", "at", "operation", "nexus_id", "platform", "place_id", "origin", "allowed_by", "facts")
    return rows_of(unit, audit, columns, by_person(audit), people=list(who.people))


def count_audit(unit: Unit, who: Whose) -> int:
    """How many lines the history has of what somebody did."""
    return int(unit.value(_COUNT_AUDIT, people=list(who.people)) or 0)


_COUNT_AUDIT = select(func.count(literal(1))).select_from(audit).where(by_person(audit))


def forget_words(unit: Unit, who: Whose) -> None:
    """What repeats words of theirs in what was told to others, and in what was kept of what operations did."""
    ids = {str(one) for one in who.records}
    if not who.partly:
        ids.update(str(one) for one in (*who.people, *who.account_ids))
    for statement, drop in ((_TOLD, _DROP_NOTICE), (_RESULTS, _BLANK_RESULT)):
        for row in unit.rows(statement):
            if ids & set(texts_in(row["told"])) or who.spoken_of_in(row["told"]):
                unit.changed(drop, key_=row["key"])
