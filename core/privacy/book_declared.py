"""What the tables of the books, of grants and of hours keep about people."""

from __future__ import annotations

from core.funds.tables import budget, digest_wish, pledge, statement_line
from core.grants.tables import approval, grant_award, grant_event, grants, receipt, receipt_count, tranche
from core.hours.tables import hours_entry, meeting
from core.ledger.tables import hold, journal, journal_words, ledger_account, ledger_unit, posting
from core.notices.tables import place_notice
from core.payouts.tables import payout, payout_account
from core.policies.tables import mandate, policy
from core.privacy import book_fates as fates
from core.privacy.personal import Exempt, Personal, register

_NUMBER = "the books are never changed; of who it was a number is left"
_MADE = {"key": "made of row ids", "body": "a hash over numbers and closed words"}
_CLOSED = {"unit": "the code of a unit", "cause": "a closed word"}
_UNIT = {"unit": "the code of a unit"}
_DECIDED = "who did it stays as a number without a name, so that what others decided with them stands"

register(
    Personal(ledger_unit, exempt={"code": "the code of a unit"}),
    Personal(
        ledger_account,
        pseudonym={"person_id": _NUMBER},
        exempt=_UNIT,
        export=fates.export_by(
            ledger_account, "person_id", columns=("id", "nexus_id", "kind", "unit", "posted", "held")
        ),
    ),
    Personal(
        journal,
        pseudonym={"actor_id": _NUMBER},
        exempt=_MADE | {"cause": _CLOSED["cause"]},
        export=fates.export_journals,
    ),
    Personal(posting, exempt=_UNIT | {"account_id": "an account of the books"}),
    Personal(
        hold,
        pseudonym={"actor_id": _NUMBER, "ended_by": _NUMBER},
        exempt=_MADE | {"cause": _CLOSED["cause"], "account_id": "an account of the books"},
    ),
    Personal(
        journal_words,
        blanked=("memo", "method", "reference"),
        export=fates.export_words,
        forget=fates.forget_journal_words,
    ),
    Personal(budget, pseudonym={"made_by": _DECIDED}, exempt=_UNIT),
    Personal(
        pledge,
        blanked=("words",),
        pseudonym={"person_id": "what a fund was promised stays part of its history"},
        exempt=_UNIT,
        export=fates.export_by(
            pledge, "person_id", columns=("id", "nexus_id", "unit", "amount", "received", "words", "state", "made_at")
        ),
        forget=fates.forget_pledges,
    ),
    Personal(
        statement_line,
        blanked=("words", "why"),
        pseudonym={"imported_by": _DECIDED},
        exempt=_UNIT | {"digest": "a hash by which a line is known again"},
        export=fates.export_statement_lines,
        forget=fates.forget_statement_lines,
    ),
    Personal(
        digest_wish,
        gone=("person_id",),
        pseudonym={"made_by": _DECIDED},
        gives=("nexus_id", "made_at"),
    ),
    Personal(policy, pseudonym={"made_by": _DECIDED}, exempt=_UNIT | {"terms": "numbers and closed words"}),
    Personal(
        mandate,
        pseudonym={"person_id": _NUMBER, "proposed_by": _DECIDED},
        exempt=_UNIT | {"terms": "numbers and closed words"},
        export=fates.export_by(
            mandate,
            "person_id",
            "proposed_by",
            columns=("id", "nexus_id", "unit", "amount", "every", "state", "made_at"),
        ),
        forget=fates.forget_mandates,
    ),
    Personal(
        grants,
        blanked=("purpose", "condition"),
        pseudonym={"proposer_id": _NUMBER, "recipient_id": _NUMBER, "giver_id": _NUMBER},
        exempt={"source": "a closed word", "terms": "numbers and closed words"},
        export=fates.export_grants,
        forget=fates.forget_grants,
    ),
    Personal(grant_award, exempt=_UNIT),
    Personal(
        tranche,
        blanked=("condition",),
        pseudonym={"released_by": _DECIDED, "paid_by": _DECIDED},
        exempt=_UNIT,
        export=fates.export_tranches,
        forget=fates.forget_tranches,
    ),
    Personal(
        approval,
        pseudonym={"person_id": _DECIDED},
        exempt={"subject": "a closed word"},
        export=fates.export_by(approval, "person_id", columns=("id", "subject", "subject_id", "yes", "at")),
    ),
    Personal(
        grant_event,
        blanked=("words",),
        pseudonym={"person_id": _DECIDED},
        exempt={"data": "numbers and closed words"},
        export=fates.export_by(grant_event, "person_id", columns=("id", "grant_id", "what", "words", "at")),
        forget=fates.forget_events,
    ),
    Personal(
        receipt,
        pseudonym={"person_id": "that it was paid stays proven; to whom says a number"},
        exempt={"number": "a number that counts on"},
        export=fates.export_by(receipt, "person_id", columns=("id", "nexus_id", "number", "grant_id", "at")),
    ),
    Exempt(receipt_count, "a number that grows"),
    Personal(
        meeting,
        blanked=("words",),
        pseudonym={"host_id": _NUMBER, "guest_id": _NUMBER},
        export=fates.export_by(
            meeting, "host_id", "guest_id", columns=("id", "nexus_id", "starts_at", "minutes", "words", "state")
        ),
        forget=fates.forget_meetings,
    ),
    Personal(
        hours_entry,
        blanked=("words", "dispute"),
        pseudonym={"giver_id": _NUMBER, "helped_id": _NUMBER, "logged_by": _NUMBER, "decided_by": _DECIDED},
        export=fates.export_by(
            hours_entry,
            "giver_id",
            "helped_id",
            columns=("id", "nexus_id", "giver_id", "helped_id", "minutes", "words", "day", "state", "dispute"),
        ),
        forget=fates.forget_hours,
    ),
    Personal(
        payout,
        blanked=("destination", "external", "why"),
        pseudonym={"actor_id": _DECIDED},
        exempt=_UNIT | {"provider": "a closed word", "key": "made of row ids"},
        export=fates.export_payouts,
        forget=fates.forget_payouts,
    ),
    Personal(
        payout_account,
        gone=("person_id",),
        along=("destination",),
        exempt={"provider": "a closed word"},
        gives=("provider", "destination", "set_at"),
    ),
    Personal(
        place_notice,
        blanked=("data",),
        exempt={"card": "an operation and a row id, looked up when it is said", "buttons": "labels and tokens"},
        export=fates.export_said,
        forget=fates.forget_said,
    ),
)
