"""Bank statements: read in, each line once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as ButtonChoice
from core.clock import show_day
from core.errors import N_
from core.funds import funds, statements
from core.funds import statement_says as says
from core.funds.rights import check_decides
from core.funds.statement_fields import Lines
from core.funds.statement_reading import Doubt, Hints, Statement, read_statement
from core.ledger.units import MONEY
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice

NEXUS = NexusField(N_("the Nexus"))
SHOWN = 8  # lines of a list in a card
CHOICES = 4  # entries that are offered for one line


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that could not be read: its number in the text, how it begins, and why."""

    number: int
    begins: str
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A statement that was read in: lines that are new, that were known, and that could not be read."""

    nexus_id: int
    nexus: str
    new: int
    known: int
    unread: tuple[UnreadLine, ...]
    above: int
    first: str
    last: str
    sure: int  # that can be matched at once


@dataclass(frozen=True, slots=True)
class _Read:
    where: Nexus
    statement: Statement


def _read(context: Context, lines: str, unit: str, dates: str, decimals: str, nexus: Nexus | None) -> _Read:
    where = named_or_here(context, nexus)
    check_decides(context, where)
    units = funds.units_of(context.unit, where.id)
    code = unit or (units[0] if len(units) == 1 else "")
    try:
        return _Read(where, read_statement(lines, Hints(code, dates, decimals, context.now)))
    except Doubt as doubt:
        if doubt.what == "unit" and unit == "" and len(units) > 1:
            raise Doubt("unit", [(one, one) for one in units], N_("In which currency is that?")) from doubt
        raise


def _import_card(
    context: Context, lines: str, unit: str = "", dates: str = "", decimals: str = "", nexus: Nexus | None = None
) -> Mapping[str, str]:
    try:
        read = _read(context, lines, unit, dates, decimals, nexus)
    except Doubt as doubt:
        if not doubt.options:
            raise
        return {"question": doubt.message}
    new, known = statements.split_known(context.unit, read.where.id, read.statement.lines)
    said = [
        N_("{lines} lines, {first} to {last}: {new} new, {known} known already.").format(
            lines=len(read.statement.lines), new=len(new), known=known, **_span(read.statement)
        )
    ]
    came = sum(1 for line in new if line.amount.minor > 0)
    if new:
        said.append(N_("Of the new ones {came} came in and {went} went out.").format(came=came, went=len(new) - came))
        one = new[0]
        said.append(
            N_("I read the first as {amount} on {day}: {words}").format(
                amount=one.amount, day=show_day(one.day), words=one.words[:80]
            )
        )
    if read.statement.unread:
        said.append(
            N_("I can't read {count}: {which}").format(count=len(read.statement.unread), which=_which(read.statement))
        )
    said.append(N_("Take them into {nexus}? Nothing is entered or paid by that.").format(nexus=read.where.name))
    return {"question": "\n".join(said)}


def _span(statement: Statement) -> dict[str, str]:
    days = [line.day for line in statement.lines]
    return {"first": show_day(min(days)), "last": show_day(max(days))} if days else {"first": "–", "last": "–"}


def _which(statement: Statement) -> str:
    shown = [N_("line {number} ({why})").format(number=one.number, why=one.why) for one in statement.unread[:SHOWN]]
    more = len(statement.unread) - SHOWN
    return ", ".join(shown) + (N_(" and {count} more").format(count=more) if more > 0 else "")


def _import_choices(
    context: Context, lines: str, unit: str = "", dates: str = "", decimals: str = "", nexus: Nexus | None = None
) -> Sequence[ButtonChoice]:
    try:
        _read(context, lines, unit, dates, decimals, nexus)
    except Doubt as doubt:
        given = {"lines": lines, "unit": unit, "dates": dates, "decimals": decimals}
        frozen: dict[str, Any] = {name: value for name, value in given.items() if value}
        if nexus is not None:
            frozen["nexus"] = f"={nexus.id}"
        return [
            ButtonChoice(label, "fund.import", frozen | {doubt.what: value}, asks=True)
            for label, value in doubt.options
        ]
    return ()


def _after_import(context: Context, result: Imported) -> Sequence[ButtonChoice]:
    if not result.sure:
        return ()
    return (ButtonChoice(N_("Match them"), "fund.match", {"nexus": f"={result.nexus_id}"}, "primary", asks=True),)


@operation(
    "fund.import",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.IMPORT,
    preview=_import_card,
    choices=_import_choices,
    follows=_after_import,
    asks="{question}",
)
def take_in(
    context: Context,
    lines: Annotated[str, Lines(N_("the lines of the statement, with their headings"))],
    unit: Annotated[
        str, Choice(N_("the currency of the account"), MONEY, also={code.casefold(): code for code in MONEY})
    ] = "",
    dates: Annotated[str, Choice(N_("what stands first in a date"), ("day-first", "month-first"))] = "",
    decimals: Annotated[str, Choice(N_("the sign before the cents"), ("comma", "point"))] = "",
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Imported:
    """Read a bank's statement, as the table that the bank gives out (CSV).

    Each line is taken in once, however often it comes; what cannot be read is named. It is only compared with what was
    entered: nothing is entered or paid by it.
    """
    unit_ = context.unit
    read = _read(context, lines, unit, dates, decimals, nexus)
    nexus_of(unit_, read.where.id, lock=True)
    new, known = statements.split_known(unit_, read.where.id, read.statement.lines)
    statements.keep(unit_, read.where.id, new, by=context.actor.person_id)
    context.note(nexus=read.where.id, new=len(new), known=known)
    return Imported(
        read.where.id,
        read.where.name,
        len(new),
        known,
        tuple(UnreadLine(one.number, one.text, one.why) for one in read.statement.unread),
        read.statement.above,
        sure=len(statements.fits_of(unit_, read.where.id).sure),
        **_span(read.statement),
    )


OPERATIONS = (take_in,)
