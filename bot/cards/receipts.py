"""Payments and receipts as people read them, and grants that were ended, reported on or drafted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.grants.pay_operations import Ended, Part
from core.grants.receipt_operations import ReceiptPage
from core.grants.report_operations import Told

_STRINGS = N_("No equity, no debt, no exclusivity: a gift to a person.")


def paid(result: Part, words: Words) -> Reply:
    """What was recorded as paid, or is on its way with a provider."""
    data = {"amount": result.amount, "name": result.name, "nexus": result.nexus, "handle": result.handle}
    if not result.number:
        text = N_("On its way through {method}: {amount} to {name} (#{handle}). I'll say when it is paid.")
        return Reply(words(text, method=result.method, **data))
    lines = [words(N_("Recorded as paid: {amount} to {name} from {nexus} (#{handle})."), **data)]
    if result.fee:
        lines.append(words(N_("The fee of {fee} came out of the same money, on top."), fee=result.fee))
    lines.append(words(N_("Receipt {number} is with {name}. I moved no money myself."), number=result.number, **data))
    return Reply("\n".join(lines))


def receipt(result: ReceiptPage, words: Words) -> Reply:
    """A receipt with all that it proves."""
    fields = [
        (words(N_("Amount")), result.amount),
        (words(N_("To")), result.name),
        (words(N_("From")), _from(result, words)),
        (words(N_("Grant")), _grant(result, words)),
    ]
    if result.method:
        fields.append((words(N_("Paid by")), result.method))
    if result.reference:
        fields.append((words(N_("Reference")), result.reference))
    fields.append((words(N_("Paid on")), result.day))
    text = words(N_("This payment was taken back in the books.")) if result.undone else ""
    title = words(N_("Receipt {number}"), number=result.number)
    return Reply(card=Card(title=title, text=text, fields=tuple(fields), footer=words(_STRINGS)))


def _from(result: ReceiptPage, words: Words) -> str:
    if result.source == "own":
        return words(N_("{nexus}, given by one person"), nexus=result.nexus)
    if result.source == "mandate":
        return words(N_("{nexus}, given within a mandate"), nexus=result.nexus)
    return result.nexus


def _grant(result: ReceiptPage, words: Words) -> str:
    name = f"{result.purpose} (#{result.handle})" if result.purpose else f"#{result.handle}"
    if result.parts == 1:
        return name
    return words(N_("{name}, part {part} of {parts}"), name=name, part=result.part, parts=result.parts)


def ended(result: Ended, words: Words) -> Reply:
    """A grant that was revoked."""
    data = {"amount": result.amount, "name": result.name, "handle": result.handle, "freed": result.freed}
    text = words(N_("Revoked: the grant of {amount} to {name} (#{handle})."), **data)
    freed = N_("{freed} of it is free again. What was paid stays where it is.") if result.freed else N_("All was paid.")
    return Reply(f"{text} {words(freed, **data)}")


def repeated(result: Told, words: Words) -> Reply:
    """Whether a grant comes again."""
    if not result.every:
        return Reply(words(N_("#{handle} won't be drafted again."), handle=result.handle))
    text = N_("I'll draft #{handle} for you again every {time}. Nothing is proposed or paid by itself.")
    return Reply(words(text, handle=result.handle, time=result.every))


def sent(result: Told, words: Words) -> Reply:
    """A draft that was proposed."""
    data = {"amount": result.amount, "name": result.name, "handle": result.handle, "day": result.until}
    if result.source == "fund":
        text = N_("Proposed: {amount} to {name} (#{handle}). I've asked those who decide; it waits until {day}.")
    else:
        text = N_("{amount} is kept aside for {name} (#{handle}). I've asked whether they take it, until {day}.")
    return Reply(words(text, **data))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "grant.pay": paid,
    "grant.revoke": ended,
    "grant.repeat": repeated,
    "grant.send": sent,
    "receipt.show": receipt,
}
