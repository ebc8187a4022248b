"""What an export takes from the books and the grants, and what forgetting does to them.

Amounts, dates and numbers stay: others gave, paid and answered for them. Words go: purposes, questions, reports, memos,
what a meeting was about. What is still open for somebody who is forgotten ends, and what was held is free again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, Text, bindparam, delete, or_, select, type_coerce, update

from core.funds.tables import pledge, statement_line
from core.grants.grants import grant_of, move
from core.grants.states import OPEN, State
from core.grants.tables import grant_event, grants, receipt, tranche
from core.grants.tranches import give_back
from core.hours.tables import hours_entry, meeting
from core.ledger.tables import journal, journal_words, ledger_account, posting
from core.notices.tables import place_notice
from core.payouts.tables import payout
from core.policies.tables import mandate
from core.privacy.personal import by_person, rows_of
from core.privacy.whose import Whose
from core.store import Unit

# --- words of journals that somebody made, or that went to or came from them
_THEIRS = select(ledger_account.c.id).where(by_person(ledger_account))
_JOURNALS = or_(
    journal.c.actor_id.in_(bindparam("people", expanding=True)),
    journal.c.id.in_(select(posting.c.journal_id).where(posting.c.account_id.in_(_THEIRS))),
)
_BLANK_WORDS = (
    update(journal_words)
    .where(journal_words.c.journal_id.in_(select(journal.c.id).where(_JOURNALS)))
    .values(memo="", method="", reference="")
)
_BLANK_LINES = (
    update(statement_line)
    .where(statement_line.c.journal_id.in_(select(journal.c.id).where(_JOURNALS)))
    .values(words="", why="")
)


def _people(who: Whose) -> dict[str, Any]:
    return {"people": list(who.people)}


def forget_journal_words(unit: Unit, who: Whose) -> None:
    """What was written to deposits, payments and hours of theirs."""
    unit.changed(_BLANK_WORDS, **_people(who))


def forget_statement_lines(unit: Unit, who: Whose) -> None:
    """What a bank's statement says of those, their name as the bank has it among it."""
    unit.changed(_BLANK_LINES, **_people(who))


def export_statement_lines(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What a bank's statement says of deposits and payments of theirs."""
    condition = statement_line.c.journal_id.in_(select(journal.c.id).where(_JOURNALS))
    return rows_of(
        unit, statement_line, ("id", "nexus_id", "unit", "amount", "day", "words"), condition, **_people(who)
    )


def export_journals(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What is in the books because of them, or was theirs."""
    columns = ("id", "kind", "nexus_id", "actor_id", "cause", "day", "at")
    return rows_of(unit, journal, columns, _JOURNALS, **_people(who))


def export_words(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What was written to it."""
    condition = journal_words.c.journal_id.in_(select(journal.c.id).where(_JOURNALS))
    return rows_of(unit, journal_words, ("journal_id", "memo", "method", "reference"), condition, **_people(who))


# --- pledges and mandates
_END_PLEDGES = update(pledge).where(by_person(pledge), pledge.c.state == "open").values(state="withdrawn")
_BLANK_PLEDGES = update(pledge).where(by_person(pledge)).values(words="")
_END_MANDATES = (
    update(mandate).where(by_person(mandate), mandate.c.state.in_(["proposed", "active"])).values(state="ended")
)


def forget_pledges(unit: Unit, who: Whose) -> None:
    """They promise nothing any more."""
    unit.changed(_END_PLEDGES, **_people(who))
    unit.changed(_BLANK_PLEDGES, **_people(who))


def forget_mandates(unit: Unit, who: Whose) -> None:
    """They give nothing in a Nexus's name any more."""
    unit.changed(_END_MANDATES, **_people(who))


# --- grants
_PARTIES = or_(by_person(grants, "proposer_id"), by_person(grants, "recipient_id"), by_person(grants, "giver_id"))
_TO_THEM = select(grants.c.id).where(
    or_(by_person(grants, "recipient_id"), by_person(grants, "giver_id")),
    grants.c.state.in_([state.value for state in OPEN]),
)
_BLANK_GRANTS = (
    update(grants)
    .where(or_(by_person(grants, "proposer_id"), by_person(grants, "recipient_id")))
    .values(purpose="", condition="", every=0, next_at=None)
)
_ABOUT = grant_event.c.grant_id.in_(select(grants.c.id).where(by_person(grants, "recipient_id")))
_BLANK_EVENTS = update(grant_event).where(or_(by_person(grant_event), _ABOUT)).values(words="")


def forget_grants(unit: Unit, who: Whose) -> None:
    """Nothing is given to nobody: what is open ends, and what was held for it is free again."""
    for row in unit.rows(_TO_THEM, **_people(who)):
        grant = grant_of(unit, row["id"], locked=True)
        give_back(unit, grant, 0)
        ended = State.REVOKED if grant.state in (State.APPROVED, State.ACCEPTED, State.ACTIVE) else State.WITHDRAWN
        move(unit, grant, ended, ended_at=unit.now)
    unit.changed(_BLANK_GRANTS, **_people(who))


def export_grants(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """Those that they proposed, were to receive, or gave."""
    columns = ("id", "handle", "nexus_id", "proposer_id", "recipient_id", "giver_id", "source", "purpose", "condition")
    more = ("state", "created_at", "proposed_at", "decided_at", "accepted_at", "ended_at", "report_due", "reported_at")
    return rows_of(unit, grants, (*columns, *more), _PARTIES, **_people(who))


_BLANK_CONDITIONS = (
    update(tranche).where(tranche.c.grant_id.in_(select(grants.c.id).where(_PARTIES))).values(condition="")
)


def forget_tranches(unit: Unit, who: Whose) -> None:
    """On what condition something was to be paid."""
    unit.changed(_BLANK_CONDITIONS, **_people(who))


def export_tranches(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """The parts of those grants."""
    condition = tranche.c.grant_id.in_(select(grants.c.id).where(_PARTIES))
    columns = ("id", "grant_id", "seq", "unit", "amount", "due_at", "condition", "state", "paid_at")
    return rows_of(unit, tranche, columns, condition, **_people(who))


def forget_events(unit: Unit, who: Whose) -> None:
    """Questions, answers, reports and reasons of theirs, and those about what they were given."""
    unit.changed(_BLANK_EVENTS, **_people(who))


def export_by(table: Table, *persons: str, columns: Sequence[str]) -> Any:
    """An export of the rows in which one of these columns names the person."""
    condition = or_(*(by_person(table, name) for name in persons))

    def export(unit: Unit, who: Whose) -> list[dict[str, Any]]:
        return rows_of(unit, table, tuple(columns), condition, **_people(who))

    return export


# --- hours and meetings
_HOURS = or_(by_person(hours_entry, "giver_id"), by_person(hours_entry, "helped_id"))
_BLANK_HOURS = update(hours_entry).where(_HOURS).values(words="", dispute="")
_END_HOURS = (
    update(hours_entry).where(_HOURS, hours_entry.c.state.in_(["logged", "disputed"])).values(state="withdrawn")
)
_MEETINGS = or_(by_person(meeting, "host_id"), by_person(meeting, "guest_id"))
_END_MEETINGS = update(meeting).where(_MEETINGS, meeting.c.state.in_(["open", "booked"])).values(state="cancelled")
_BLANK_MEETINGS = update(meeting).where(by_person(meeting, "host_id")).values(words="")


def forget_hours(unit: Unit, who: Whose) -> None:
    """What it was about; what nobody has confirmed does not come to count."""
    unit.changed(_BLANK_HOURS, **_people(who))
    unit.changed(_END_HOURS, **_people(who))


def forget_meetings(unit: Unit, who: Whose) -> None:
    """They meet nobody any more."""
    unit.changed(_END_MEETINGS, **_people(who))
    unit.changed(_BLANK_MEETINGS, **_people(who))


# --- payouts
_PAID_TO = payout.c.id.in_(
    select(payout.c.id).join(receipt, receipt.c.tranche_id == payout.c.tranche_id).where(by_person(receipt))
)
_BLANK_PAYOUTS = (
    update(payout).where(or_(_PAID_TO, by_person(payout, "actor_id"))).values(destination="", external="", why="")
)


def forget_payouts(unit: Unit, who: Whose) -> None:
    """Where they were paid."""
    unit.changed(_BLANK_PAYOUTS, **_people(who))


def export_payouts(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What went to them through a provider, or was sent by them."""
    condition = or_(_PAID_TO, by_person(payout, "actor_id"))
    columns = ("id", "tranche_id", "provider", "unit", "amount", "destination", "state", "external", "made_at")
    return rows_of(unit, payout, columns, condition, **_people(who))


# --- what is said in places
_SAID = select(place_notice.c.id.label("key"), place_notice.c.data.label("told")).where(
    type_coerce(place_notice.c.data, Text) != "{}"
)
_DROP_SAID = delete(place_notice).where(place_notice.c.id == bindparam("key_"))


def export_said(unit: Unit, who: Whose) -> list[dict[str, Any]]:
    """What was to be said in a place and names them."""
    return [{"id": str(row["key"]), "data": row["told"]} for row in unit.rows(_SAID) if who.spoken_of_in(row["told"])]


def forget_said(unit: Unit, who: Whose) -> None:
    """What was to be said in a place and names them."""
    for row in unit.rows(_SAID):
        if who.spoken_of_in(row["told"]):
            unit.changed(_DROP_SAID, key_=row["key"])
