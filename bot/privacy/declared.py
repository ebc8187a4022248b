"""What the bot's tables keep about people: events, answers on their way, talk, and what the model has cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from bot.cluster.tables import ask, lease, schema_note
from bot.inbox.tables import inbox
from bot.installations.tables import installation
from bot.jobs.jobs import plan
from bot.jobs.tables import job
from bot.outbox.tables import outbox
from bot.talk.tables import model_use, question, talk_line, talk_summary
from core.clock import DAY
from core.errors import N_
from core.places.tables import place
from core.privacy.fates import delete_places
from core.privacy.personal import Exempt, Personal, by_person, plain, register, rows_of
from core.privacy.whose import Whose, texts_in
from core.store import Unit

TAKEN_BACK = N_("What I was about to say here was taken back by whom it concerned.")
SCRUB = "scrub"

# --- the inbox
_WIPE_EVENTS = (
    update(inbox)
    .where(by_person(inbox), inbox.c.state == "waiting")
    .values(state="done", payload=None, done_at=bindparam("at"))
)
_BLANK_EVENTS = update(inbox).where(by_person(inbox)).values(place_key="", payload=None)
_PLACES = (
    select(place.c.id)
    .join(inbox, inbox.c.place_id == place.c.id)
    .where(by_person(inbox), place.c.kind == "direct")
    .distinct()
)
_EVENTS = (
    select(inbox.c.platform, inbox.c.payload, inbox.c.state, inbox.c.received_at)
    .where(by_person(inbox))
    .order_by(inbox.c.id)
)


def _forget_events(unit: Unit, who: Whose) -> None:
    """What they said and nobody has worked yet is worked no more."""
    people = list(who.people)
    delete_places(unit, [row["id"] for row in unit.rows(_PLACES, people=people)])
    unit.changed(_WIPE_EVENTS, people=people, at=unit.now)
    unit.changed(_BLANK_EVENTS, people=people)


def _export_events(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    return [
        {
            "platform": row["platform"],
            "text": (row["payload"] or {}).get("text", ""),
            "state": row["state"],
            "received_at": plain("received_at", row["received_at"]),
        }
        for row in unit.rows(_EVENTS, people=list(who.people))
    ]


# --- the outbox
_IN_MY_TURNS = outbox.c.inbox_id.in_(select(inbox.c.id).where(by_person(inbox)))
_MY_REPLIES = select(outbox.c.id, outbox.c.state).where(_IN_MY_TURNS)
_ON = select(outbox.c.id, outbox.c.address).where(outbox.c.platform == bindparam("platform"))
_DROP_REPLY = delete(outbox).where(outbox.c.id == bindparam("row_id"))
_UNSENT = select(outbox.c.id, outbox.c.reply, outbox.c.shows).where(outbox.c.reply.is_not(None))
_SET_REPLY = update(outbox).where(outbox.c.id == bindparam("row_id")).values(reply=bindparam("what"), shows=None)
_DROP_ASKS = delete(ask).where(ask.c.outbox_id == bindparam("row_id"))


def _forget_replies(unit: Unit, who: Whose) -> None:
    drop_replies(unit, who.people)
    for platform, _, external_id in who.keys:
        rows = unit.rows(_ON, platform=platform)
        _drop(unit, [row["id"] for row in rows if row["address"].get("account_id") == external_id])


def drop_replies(unit: Unit, people: Iterable[int], *, settled: bool = False) -> tuple[int, int]:
    """Delete what was said to these people; with `settled` not what has still to be sent.

    Returns how many were deleted, and how many are left.
    """
    rows = unit.rows(_MY_REPLIES, people=list(people))
    going = [row["id"] for row in rows if not (settled and row["state"] == "waiting")]
    _drop(unit, going)
    return len(going), len(rows) - len(going)


def _drop(unit: Unit, ids: Iterable[int]) -> None:
    for row_id in ids:
        unit.changed(_DROP_ASKS, row_id=row_id)
        unit.changed(_DROP_REPLY, row_id=row_id)


def take_back(unit: Unit, records: Iterable[int], who: Whose | None = None) -> int:
    """Put a sentence in the place of what is not sent yet and shows these records, or speaks of somebody."""
    gone, changed = set(records), 0
    for row in unit.rows(_UNSENT):
        shown = gone & _records(row["shows"])
        if shown or (who is not None and who.spoken_of_in(row["reply"])):
            unit.changed(_SET_REPLY, row_id=row["id"], what={"text": TAKEN_BACK})
            changed += 1
    return changed


def _records(shows: Any) -> set[int]:
    return set((shows or {}).get("records", ()))


def _export_replies(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    columns = ("id", "platform", "reply", "state", "created_at")
    return rows_of(unit, outbox, columns, _IN_MY_TURNS, people=list(who.people))


# --- talk
_ASKED = select(question.c.talk_key, question.c.pending, question.c.asked_at)
_DROP_QUESTION = delete(question).where(question.c.talk_key == bindparam("key"))
_DROP_LINES = delete(talk_line).where(by_person(talk_line))
_DROP_SUMMARIES = delete(talk_summary).where(by_person(talk_summary))
_LINES = select(talk_line.c.id, talk_line.c.person_id, talk_line.c.role, talk_line.c.text, talk_line.c.shows)
_DROP_LINE = delete(talk_line).where(talk_line.c.id == bindparam("line_id"))
_SUMMARIES = select(talk_summary.c.talk_key, talk_summary.c.text, talk_summary.c.shows)
_DROP_SUMMARY = delete(talk_summary).where(talk_summary.c.talk_key == bindparam("key"))
_COUNT_LINES = select(func.count(talk_line.c.id)).where(by_person(talk_line))


def _my_questions(unit: Unit, who: Whose) -> list[Any]:
    """A lane of talk is called by platform, workspace, place, thread and who speaks there."""
    mine = [(f"{platform}:{workspace}", f":{external_id}") for platform, workspace, external_id in who.keys]
    return [
        row
        for row in unit.rows(_ASKED)
        if any(row["talk_key"].startswith(start) and row["talk_key"].endswith(end) for start, end in mine)
    ]


def _forget_questions(unit: Unit, who: Whose) -> None:
    for row in _my_questions(unit, who):
        unit.changed(_DROP_QUESTION, key=row["talk_key"])


def _export_questions(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    return [
        {"pending": row["pending"], "asked_at": plain("asked_at", row["asked_at"])} for row in _my_questions(unit, who)
    ]


def forget_talk(unit: Unit, who: Whose) -> None:
    """Forget what was said with a person: lines, what they were summed up to, and the open question."""
    unit.changed(_DROP_LINES, people=list(who.people))
    unit.changed(_DROP_SUMMARIES, people=list(who.people))
    _forget_questions(unit, who)


def forget_lines_about(unit: Unit, records: Iterable[int], who: Whose | None = None) -> int:
    """Delete from the model's memory what was said about these records, and what names somebody or repeats their words.

    What others said themselves stays: those words are theirs.
    """
    gone, dropped = set(records), 0
    mine = set(who.people) if who is not None else set()
    for row in unit.rows(_LINES):
        ours = row["role"] == "assistant" or row["person_id"] in mine
        if gone & _records(row["shows"]) or (who is not None and ours and who.spoken_of_in(row["text"])):
            dropped += unit.changed(_DROP_LINE, line_id=row["id"])
    for row in unit.rows(_SUMMARIES):
        if gone & _records(row["shows"]) or (who is not None and who.spoken_of_in(row["text"])):
            dropped += unit.changed(_DROP_SUMMARY, key=row["talk_key"])
    return dropped


def count_lines(unit: Unit, who: Whose) -> int:
    """How many lines of talk with a person are kept for the model."""
    return int(unit.value(_COUNT_LINES, people=list(who.people)) or 0)


# --- what processes ask of each other
_ASKS = select(ask.c.id, ask.c.payload, ask.c.answer).where(ask.c.platform == bindparam("platform"))
_DROP_ASK = delete(ask).where(ask.c.id == bindparam("ask_id"))


def _forget_asks(unit: Unit, who: Whose) -> None:
    for platform, _, external_id in who.keys:
        for row in unit.rows(_ASKS, platform=platform):
            if external_id in texts_in([row["payload"], row["answer"]]):
                unit.changed(_DROP_ASK, ask_id=row["id"])


def leave_no_trace(unit: Unit, who: Whose) -> None:
    """What others were told of it goes as well; and once this is committed, the files of the store are cleaned.

    The job for that has numbers alone, no word and no name.
    """
    take_back(unit, who.records, who)
    forget_lines_about(unit, who.records, who)
    people = [] if who.partly else list(who.people)
    plan_scrub(unit, {"id": unit.new_id(), "people": people, "records": sorted(who.records), "again": 0}, unit.now)


def plan_scrub(unit: Unit, payload: dict[str, Any], due_at: int) -> None:
    """Plan a cleaning, once. `again` in its payload counts the earlier ones for the same people and records."""
    plan(unit, f"{SCRUB}:{payload['id']}:{payload['again']}", SCRUB, due_at, payload)


def _tell_talk(unit: Unit, who: Whose) -> list[str]:
    from bot.talk.memory import KEEP  # the model's rooms are no part of a table

    count = count_lines(unit, who)
    told = N_("{count} lines of our talk, so that I know what we spoke of; each for {days} days.")
    return [told.format(count=count, days=KEEP // DAY)] if count else []


register(
    Exempt(job, "numbers of what is to be done, and closed words"),
    Exempt(lease, "processes of this program and what they know of their own bots"),
    Exempt(schema_note, "a version of the schema"),
    Exempt(installation, "workspaces that a bot is installed in, and its sealed token there"),
    Personal(
        model_use,
        pseudonym={"person_id": "how much of the model's share of a Nexus was used on a day; the number has no name"},
        export=lambda unit, who: rows_of(
            unit,
            model_use,
            ("day", "nexus_id", "requests", "prompt_tokens", "completion_tokens"),
            by_person(model_use),
            people=list(who.people),
        ),
    ),
    Personal(
        ask,
        gone=("payload", "answer"),
        forget=_forget_asks,
    ),
    Personal(
        inbox,
        blanked=("place_key", "payload"),
        pseudonym={
            "person_id": "so that an event which arrives once more is not taken for a new one; the number has no name",
            "account_id": "the number of an account that is deleted",
        },
        export=_export_events,
        forget=_forget_events,
    ),
    Personal(
        outbox,
        gone=("address", "place_key"),
        along=("sent",),
        blanked=("reply",),
        exempt={"shows": "numbers of what an answer shows, by which it is found when that is forgotten"},
        export=_export_replies,
        forget=_forget_replies,
    ),
    Personal(
        question,
        gone=("talk_key",),
        along=("pending",),
        export=_export_questions,
        forget=_forget_questions,
    ),
    Personal(
        talk_line,
        gone=("person_id",),
        along=("talk_key", "text"),
        exempt={"shows": "numbers of what a line speaks of, by which it is found when that is forgotten"},
        gives=("role", "text", "at"),
        parts={"talk": forget_talk},
        tells=_tell_talk,
    ),
    Personal(
        talk_summary,
        gone=("person_id",),
        along=("talk_key", "text"),
        exempt={"shows": "numbers of what it speaks of, by which it is found when that is forgotten"},
        gives=("text", "at"),
    ),
    afterwards=leave_no_trace,
)
