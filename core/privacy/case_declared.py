"""What cases keep about people, what an export gives of them, and what forgetting does to them.

Words go: the reason, the evidence, what moderators wrote and what was appealed. That there was a case, and that
somebody decided it, stays as numbers, so that what moderators did can still be counted. The account goes: what was not
done yet is not done any more, and a ban for a while has to be lifted by hand, since nobody knows whose it was.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, or_, select, tuple_, update

from core.moderation.cases.tables import mod_act, mod_appeal, mod_case, mod_count, mod_evidence, mod_note, mod_seen
from core.moderation.guards.tables import guard, guard_hit, guard_words
from core.moderation.lookback.tables import guard_look
from core.moderation.own.tables import guard_own
from core.people.tables import account
from core.privacy import declared as _first  # people and accounts, which cases point at
from core.privacy.personal import Exempt, Personal, by_person, register, rows_of
from core.privacy.whose import Whose
from core.store import Unit

AFTER = _first  # forgetting goes backwards: what points at an account goes before the account
_DECIDED = "who decided it stays as a number without a name, so that what moderators did can be counted"
_ABOUT = "that there was a case stays as a number without a name"

_THEIRS = select(mod_case.c.id).where(by_person(mod_case, "person_id"))
_ACCOUNTS = select(account.c.id).where(by_person(account, "person_id"))
_BLANK_CASES = update(mod_case).where(by_person(mod_case, "person_id")).values(reason="", account_id=None)
_BLANK_NOTES = (
    update(mod_note).where(or_(by_person(mod_note, "by_id"), mod_note.c.case_id.in_(_THEIRS))).values(words="")
)
_DROP_EVIDENCE = delete(mod_evidence).where(
    or_(by_person(mod_evidence, "person_id"), mod_evidence.c.case_id.in_(_THEIRS))
)
_BLANK_APPEALS = (
    update(mod_appeal)
    .where(or_(by_person(mod_appeal, "person_id"), by_person(mod_appeal, "decided_by")))
    .values(words="", answer="")
)
_DROP_ACTS = (
    update(mod_act)
    .where(mod_act.c.account_id.in_(_ACCOUNTS), mod_act.c.state == "waiting")
    .values(state="dropped", done_at=bindparam("at"))
)
_BLANK_ACTS = (
    update(mod_act)
    .where(mod_act.c.account_id.in_(_ACCOUNTS))
    .values(account_id=None, reason="", said="", messages=[], left_over=[])
)
_BLANK_BY = update(mod_act).where(mod_act.c.by_id.in_(_ACCOUNTS)).values(by_id=None, reason="")
_BLANK_ASKER = (
    update(mod_act).where(mod_act.c.asker_id.in_(bindparam("people", expanding=True))).values(asker_id=None, turn="")
)

_DROP_SEEN = delete(mod_seen).where(
    tuple_(mod_seen.c.platform, mod_seen.c.account).in_(
        select(account.c.platform, account.c.external_id).where(by_person(account, "person_id"))
    )
)


def _people(who: Whose) -> dict[str, Any]:
    return {"people": list(who.people)}


def _forget(*statements: Any) -> Any:
    def forget(unit: Unit, who: Whose) -> None:
        for statement in statements:
            unit.changed(statement, **_people(who), **({"at": unit.now} if statement is _DROP_ACTS else {}))

    return forget


def export_cases(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """The cases about them; not the reports, which would name who reported."""
    columns = ("id", "nexus_id", "number", "kind", "state", "reason", "points", "until", "made_at", "ended_at")
    condition = by_person(mod_case, "person_id") & (mod_case.c.kind != "report")
    return rows_of(unit, mod_case, columns, condition, **_people(who))


def export_notes(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What they wrote to cases themselves."""
    condition = by_person(mod_note, "by_id")
    return rows_of(unit, mod_note, ("id", "case_id", "kind", "words", "at"), condition, **_people(who))


def export_evidence(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Their messages that cases keep."""
    columns = ("id", "case_id", "platform", "words", "at", "expires_at")
    return rows_of(unit, mod_evidence, columns, by_person(mod_evidence, "person_id"), **_people(who))


def export_appeals(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Their appeals, and what was answered."""
    columns = ("id", "case_id", "words", "state", "answer", "made_at", "decided_at")
    return rows_of(unit, mod_appeal, columns, by_person(mod_appeal, "person_id"), **_people(who))


def export_seen(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Which messages of theirs are known to stand where."""
    accounts = select(account.c.platform, account.c.external_id).where(by_person(account, "person_id"))
    condition = tuple_(mod_seen.c.platform, mod_seen.c.account).in_(accounts)
    return rows_of(unit, mod_seen, ("platform", "place", "message_id", "at"), condition, **_people(who))


def export_acts(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What was done to their accounts on platforms."""
    columns = ("id", "case_id", "platform", "power", "state", "said", "until", "done_at")
    return rows_of(unit, mod_act, columns, mod_act.c.account_id.in_(_ACCOUNTS), **_people(who))


def export_hits(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What rules found about them, in numbers and closed words."""
    columns = ("id", "nexus_id", "rule", "mode", "noticed", "times", "state", "at")
    return rows_of(unit, guard_hit, columns, by_person(guard_hit, "person_id"), **_people(who))


register(
    Personal(
        guard,
        pseudonym={"set_by": _DECIDED},
        exempt={"rule": "the name of a rule"},
    ),
    Personal(
        guard_words,
        pseudonym={"set_by": _DECIDED},
        exempt={"words": "words that a Nexus does not want to read"},
    ),
    Personal(
        guard_own,
        pseudonym={"set_by": _DECIDED},
        exempt={"name": "what a rule is called", "spec": "what a rule of a Nexus looks for"},
    ),
    Personal(
        guard_look,
        gone=("asker_id",),
        exempt={"rule": "the name of a rule", "spec": "what a rule of a Nexus looks for"},
        gives=("id", "nexus_id", "platform", "rule", "since"),
    ),
    Personal(
        mod_case,
        blanked=("reason", "account_id"),
        pseudonym={"person_id": _ABOUT, "by_id": _DECIDED, "ended_by": _DECIDED},
        exempt={"rule": "the name of a rule", "why": "a closed word and a row id"},
        export=export_cases,
        forget=_forget(_BLANK_CASES),
    ),
    Personal(
        guard_hit,
        gone=("person_id",),
        along=("noticed",),
        exempt={"rule": "the name of a rule"},
        export=export_hits,
    ),
    Exempt(mod_count, "a number that grows"),
    Personal(
        mod_note,
        blanked=("words",),
        pseudonym={"by_id": _DECIDED},
        export=export_notes,
        forget=_forget(_BLANK_NOTES),
    ),
    Personal(
        mod_evidence,
        gone=("person_id",),
        along=("words", "place", "thread", "message_id"),
        export=export_evidence,
        forget=_forget(_DROP_EVIDENCE),
    ),
    Personal(
        mod_act,
        blanked=("account_id", "by_id", "asker_id", "turn", "reason", "said", "messages", "left_over"),
        exempt={
            "power": "a closed word",
            "place": "the platform's id of a place",
            "thread": "the platform's id of a thread",
            "before": "rights and numbers of a place",
        },
        export=export_acts,
        forget=_forget(_DROP_ACTS, _BLANK_ACTS, _BLANK_BY, _BLANK_ASKER),
    ),
    Personal(
        mod_seen,
        blanked=("account",),
        exempt={
            "place": "the platform's id of a place",
            "thread": "the platform's id of a thread",
            "message_id": "the platform's id of a message",
        },
        export=export_seen,
        forget=_forget(_DROP_SEEN),
    ),
    Personal(
        mod_appeal,
        blanked=("words", "answer"),
        pseudonym={"person_id": _ABOUT, "decided_by": _DECIDED},
        export=export_appeals,
        forget=_forget(_BLANK_APPEALS),
    ),
)
