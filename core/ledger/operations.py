"""The books as people meet them: proven when somebody asks, and handed out to those who may take them along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from core.access.books import called, decides_about_money
from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus, named_or_here
from core.clock import as_datetime
from core.errors import N_, Conflict, NotAllowed
from core.funds.period import Period, PeriodField
from core.ledger import says
from core.ledger.export import EVER, Sees, accounts, day_of, entries, opening
from core.ledger.export_beancount import text
from core.ledger.export_csv import table
from core.ledger.verify import Problem, size, verify
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import AudienceKind, Context
from core.operations.declare import Who, operation
from core.operations.fields import Choice
from core.rules.resolver import may_kind
from core.rules.words import Action

NEXUS = NexusField(N_("the Nexus"))
FORMATS = ("csv", "beancount")
LISTED = 10  # problems that are named
LARGEST = 500_000  # rows that are looked at while somebody waits


@dataclass(frozen=True, slots=True)
class Verified:
    """What working the books out again came to. `problems` are told to who decides about money, in private; `wrong`
    counts them all."""

    nexus: str
    entries: int
    accounts: int
    wrong: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """The books of a Nexus as the text of a file."""

    nexus: str
    file: str
    media_type: str
    content: str


@operation("ledger.verify", who=Who.MEMBER, says=says.VERIFY)
def verify_books(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Verified:
    """Work out all of the books again, from the first entry on, and say whether they are right.

    Any member may ask. What is wrong is told in our direct chat to those who decide about the money.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    if size(unit, where.id) > LARGEST:
        raise Conflict(
            N_("The books of {nexus} are long by now. Whoever runs this machine can check them with “nexus verify”."),
            nexus=where.name,
        )
    report = verify(unit, nexus_id=where.id)
    told = context.audience.kind is AudienceKind.PERSON and decides_about_money(unit, context.actor.person_id, where.id)
    return Verified(
        where.name, report.journals, report.accounts, report.count, report.problems[:LISTED] if told else ()
    )


@operation("ledger.export", private=True, says=says.EXPORT)
def export_books(
    context: Context,
    format: Annotated[
        str,
        Choice(
            N_("the format: csv for spreadsheets, or beancount"),
            FORMATS,
            also={"spreadsheet": "csv", "excel": "csv", "table": "csv", "bean": "beancount", "ledger": "beancount"},
        ),
    ] = "csv",
    period: Annotated[Period | None, PeriodField(N_("the time it is about, such as 2026 or last month"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Books:
    """The books as one file: every deposit, payment, fee and correction.

    For those who decide about the money, and for whom the rules let take it along. It comes in our direct chat.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    sees = _sees(context, where)
    start, end = (period.start, period.end) if period is not None else EVER
    found = entries(unit, where.id, start, end)
    days = f"-{_days(period)}" if period is not None else ""
    name = f"books-{where.slug}{days}-{as_datetime(context.now):%Y-%m-%d}"
    if format == "csv":
        return Books(where.name, f"{name}.csv", "text/csv", table(found, sees))
    before = opening(unit, where.id, start) if period is not None else {}
    first = day_of(context.now if period is None else start)
    content = text(where.name, accounts(unit, where.id), found, before, first, sees)
    return Books(where.name, f"{name}.beancount", "text/plain", content)


def _days(period: Period) -> str:
    return f"{day_of(period.start):%Y%m%d}-{day_of(period.end - 1):%Y%m%d}"


def _sees(context: Context, where: Nexus) -> Sees:
    unit, audience = context.unit, context.audience
    decides = decides_about_money(unit, context.actor.person_id, where.id)
    if not decides and not may_kind(unit, audience, where.id, "fund", Action.EXPORT):
        raise NotAllowed(
            N_(
                "The books of {nexus} are handed out to its owners, stewards and treasurers, and the rules let nobody "
                "else take them along. A steward could change that."
            ),
            nexus=where.name,
        )

    @cache
    def nexus_name(nexus_id: int) -> str:
        known = nexus_id == where.id or may_know_nexus(unit, audience, nexus_id)
        return nexus_of(unit, nexus_id).name if known else ""

    return Sees(
        cache(lambda person_id: called(unit, audience, person_id)),
        nexus_name,
        fund=True,
        grants=decides or may_kind(unit, audience, where.id, "grant", Action.EXPORT),
    )


OPERATIONS = (verify_books, export_books)
