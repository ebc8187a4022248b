"""What bank statements and the books have in common: matched one to one, asked about, or left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as ButtonChoice
from core.clock import as_datetime, show_day
from core.errors import N_, BadInput, Conflict
from core.funds import statement_says as says
from core.funds import statements
from core.funds.entries import Entry, EntryField, told
from core.funds.rights import check_decides
from core.funds.statement_fields import LineField
from core.funds.statements import Fits, Kept
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Text
from core.operations.fields.amount import Amount

NEXUS = NexusField(N_("the Nexus"))
SHOWN = 8  # lines of a list in a card
CHOICES = 4  # entries that are offered for one line


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a statement that is open, and what may be it, in words."""

    line_id: int
    handle: str
    amount: str
    day: str
    words: str
    fits: tuple[str, ...] = ()
    entry_ids: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Matched:
    """How many lines were matched just now, and what is left: `next` is the first that only a person can tell."""

    nexus: str
    matched: int
    unsure: int
    alone: int
    next: OpenLine | None


def _open_line(context: Context, line: Kept, some: Sequence[Entry] = ()) -> OpenLine:
    return OpenLine(
        line.id,
        line.handle,
        str(line.amount),
        show_day(line.day),
        line.name,
        tuple(f"{told(context, one)} (#{one.handle})" for one in some),
        tuple(f"={one.id}" for one in some),
    )


def _matched(context: Context, where: Nexus, count: int) -> Matched:
    fits = statements.fits_of(context.unit, where.id)
    found = _open_line(context, *fits.unsure[0]) if fits.unsure else None
    return Matched(where.name, count, len(fits.unsure), len(fits.alone), found)


def _one(context: Context, line: Kept | None, entry: Entry | None, nexus: Nexus | None) -> tuple[Nexus, Fits]:
    """The Nexus concerned, checked, and what fits there."""
    where = named_or_here(context, nexus) if line is None else nexus_of(context.unit, line.nexus_id)
    check_decides(context, where)
    if entry is not None and line is None:
        raise BadInput(N_("Which line of the statement is it? Its short name (#…) is enough."))
    if entry is not None and line is not None and entry.nexus_id != line.nexus_id:
        raise BadInput(N_("The line and the entry are of two different funds."))
    return where, statements.fits_of(context.unit, where.id)


def _fitting(fits: Fits, line: Kept) -> tuple[Entry, ...]:
    """What may be a line, nearest first."""
    pairs = [*((one, (entry,)) for one, entry in fits.sure), *fits.unsure]
    return next((some for one, some in pairs if one.id == line.id), ())


def _match_card(
    context: Context, line: Kept | None = None, entry: Entry | None = None, nexus: Nexus | None = None
) -> Mapping[str, str]:
    where, fits = _one(context, line, entry, nexus)
    if line is not None and entry is not None:
        question = N_("Is {line} of {day} this: {entry}?").format(
            line=f"{line.amount} “{line.name}”", day=show_day(line.day), entry=told(context, entry)
        )
        return {"question": question + ("\n" + N_("So far it is matched with another.") if line.journal_id else "")}
    if line is not None or (not fits.sure and fits.unsure):
        shown = line or fits.unsure[0][0]
        some = _fitting(fits, shown)
        which = N_("Which of these is it?") if some else N_("Nothing that was entered fits it.")
        return {"question": f"{shown.amount} · {show_day(shown.day)} · {shown.name} (#{shown.handle})\n{which}"}
    if not fits.sure:
        _nothing(where, fits)
    lines = [
        f"• {one.amount} · {show_day(one.day)} · {one.name} → {told(context, entry_)}"
        for one, entry_ in fits.sure[:SHOWN]
    ]
    if len(fits.sure) > SHOWN:
        lines.append(N_("• and {count} more").format(count=len(fits.sure) - SHOWN))
    return {"question": "\n".join([N_("These fit, one to one:"), *lines, N_("Shall I match them?")])}


def _nothing(where: Nexus, fits: Fits) -> None:
    if fits.alone:
        raise Conflict(
            N_("For the {count} open lines of {nexus} nothing that fits was entered. “Open lines” shows them."),
            count=len(fits.alone),
            nexus=where.name,
        )
    raise Conflict(N_("There is nothing to match: no line of a statement is open in {nexus}."), nexus=where.name)


def _match_choices(
    context: Context, line: Kept | None = None, entry: Entry | None = None, nexus: Nexus | None = None
) -> Sequence[ButtonChoice]:
    _, fits = _one(context, line, entry, nexus)
    if entry is not None or (line is None and fits.sure):
        return ()
    shown = line or fits.unsure[0][0]
    return _which_one(context, shown, _fitting(fits, shown))


def _which_one(context: Context, line: Kept, some: Sequence[Entry]) -> list[ButtonChoice]:
    """Buttons for one line: each that may be it, entering it, leaving it."""
    choices = [
        ButtonChoice(
            f"{told(context, one)} #{one.handle}"[:75], "fund.match", {"line": f"={line.id}", "entry": f"={one.id}"}
        )
        for one in some[:CHOICES]
    ]
    if line.amount.minor > 0:
        given = {
            "amount": Amount("").freeze(line.amount),
            "reference": line.name,
            "day": f"{as_datetime(line.day):%Y-%m-%d}",
            "nexus": f"={line.nexus_id}",
        }
        choices.append(ButtonChoice(N_("Enter it as a deposit"), "fund.deposit", given, asks=True))
    return [*choices, ButtonChoice(N_("Leave it open"))]


def _after_match(context: Context, result: Matched) -> Sequence[ButtonChoice]:
    if result.next is None:
        return ()
    line = statements.line_of(context.unit, result.next.line_id)
    fits = statements.fits_of(context.unit, line.nexus_id) if line is not None else None
    return _which_one(context, line, _fitting(fits, line)) if line is not None and fits is not None else ()


@operation(
    "fund.match",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.MATCH,
    preview=_match_card,
    choices=_match_choices,
    asks="{question}",
    follows=_after_match,
)
def match(
    context: Context,
    line: Annotated[Kept | None, LineField(N_("the line of the statement (its short name)"))] = None,
    entry: Annotated[Entry | None, EntryField(N_("the deposit or payment that it is"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Matched:
    """Match lines of bank statements with the deposits and payments that were entered.

    By itself it matches what fits one to one, by amount (with the fee), day and reference; it asks about the rest. With
    a line and an entry it matches those two.
    """
    unit = context.unit
    where, _ = _one(context, line, entry, nexus)
    nexus_of(unit, where.id, lock=True)
    fits = statements.fits_of(unit, where.id)
    if line is not None and entry is not None:
        pairs = [(line, entry)]
    elif line is not None:
        pairs = [pair for pair in fits.sure if pair[0].id == line.id]
        if not pairs:
            raise Conflict(N_("I can't tell by myself which entry that line is. Please name it, too."))
    else:
        pairs = list(fits.sure)
        if not pairs and not fits.unsure:
            _nothing(where, fits)
    for one, entry_ in pairs:
        statements.match(unit, one, entry_)
    context.note(nexus=where.id, matched=len(pairs))
    return _matched(context, where, len(pairs))


# -- what is left over -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line that is nothing of the books."""

    handle: str
    amount: str
    words: str
    why: str


@operation(
    "fund.ignore",
    writes=True,
    who=Who.MEMBER,
    private=True,
    says=says.IGNORE,
    asks=N_("Leave {line} out of the comparison, because of “{reason}”?"),
    tells=N_("Left out because of “{why}”: {amount}, {words}."),
)
def ignore(
    context: Context,
    line: Annotated[Kept, LineField(N_("the line of the statement (its short name)"))],
    reason: Annotated[str, Text(N_("why it is nothing of the fund"), minimum=3, maximum=300, line=True)],
) -> Ignored:
    """Leave a line of a bank statement out of the comparison, with the reason.

    It stays known, and can still be matched later.
    """
    check_decides(context, nexus_of(context.unit, line.nexus_id))
    if line.state == "matched":
        raise Conflict(N_("That line is matched already."))
    statements.ignore(context.unit, line, reason)
    context.note(nexus=line.nexus_id, line_id=line.id)
    return Ignored(line.handle, str(line.amount), line.name, reason)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What statements and books do not have in common: open lines, and entries that are on no statement."""

    nexus: str
    lines: tuple[OpenLine, ...]
    entries: tuple[str, ...]
    more: int


@operation("fund.lines", who=Who.MEMBER, private=True, says=says.LINES)
def left_over(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> LeftOver:
    """Where bank statements and what was entered differ: lines and entries that have no counterpart."""
    unit, where = context.unit, named_or_here(context, nexus)
    check_decides(context, where)
    fits = statements.fits_of(unit, where.id)
    pairs = [*((one, (entry,)) for one, entry in fits.sure), *fits.unsure, *((one, ()) for one in fits.alone)]
    claimed = {entry.id for _, some in pairs for entry in some}
    lost = [one for one in statements.missing(unit, where.id) if one.id not in claimed]
    most = 2 * SHOWN
    return LeftOver(
        where.name,
        tuple(_open_line(context, one, some) for one, some in pairs[:most]),
        tuple(f"{told(context, one)} (#{one.handle})" for one in lost[:most]),
        max(len(pairs) - most, 0) + max(len(lost) - most, 0),
    )


OPERATIONS = (match, ignore, left_over)
