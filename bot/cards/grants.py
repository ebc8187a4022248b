"""How grants are told: what was proposed, what an approval came to, and the card of one with what happened so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.grants.decide_operations import Step
from core.grants.page import Happening, Page, PartLine
from core.grants.propose_operations import Proposed

_STATES = {
    "draft": N_("a draft that only you know of"),
    "proposed": N_("waits for approvals"),
    "approved": N_("approved, waits for a yes"),
    "accepted": N_("accepted"),
    "active": N_("under way"),
    "completed": N_("complete"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
    "declined": N_("declined"),
    "expired": N_("ran out"),
    "revoked": N_("revoked"),
}
_PARTS = {
    "planned": N_("planned"),
    "due": N_("due"),
    "released": N_("released"),
    "paid": N_("paid"),
    "skipped": N_("left out"),
    "returned": N_("given back"),
}
_HAPPENED = {
    "proposed": N_("{who} proposed it"),
    "applied": N_("{who} asked for it"),
    "changed": N_("{who} changed it; earlier approvals count no more"),
    "asked": N_("{who} asked: {words}"),
    "answered": N_("{who} answered: {words}"),
    "approved": N_("{who} approved it ({have} of {needed})"),
    "rejected": N_("{who} rejected it"),
    "withdrawn": N_("{who} withdrew it"),
    "accepted": N_("{who} accepted it"),
    "declined": N_("{who} declined it"),
    "due": N_("part {seq} is due"),
    "released": N_("{who} released part {seq}"),
    "paid": N_("{who} paid part {seq}"),
    "skipped": N_("{who} left part {seq} out"),
    "held_back": N_("the fund had too little for it"),
    "hours": N_("{who} gave {minutes} minutes"),
    "reported": N_("{who} reported: {words}"),
    "reminded": N_("I reminded of the report"),
    "completed": N_("it is complete"),
    "revoked": N_("{who} revoked it; what was paid stays paid"),
    "expired": N_("it ran out"),
    "warned": N_("I said that it will run out"),
    "recurred": N_("the next one was drafted"),
    "escalated": N_("those of the Nexus above were asked"),
    "reversed": N_("{who} took a payment back"),
}
_STRINGS = N_("no equity, no debt, no exclusivity")


def proposed(result: Proposed, words: Words) -> Reply:
    """What was proposed, and what comes next."""
    data = {"amount": result.amount, "name": result.recipient, "nexus": result.nexus, "handle": result.handle}
    if result.source != "fund":
        kept = words(N_("{amount} is kept aside for {name} (#{handle})."), **data)
        next_ = words(N_("I've asked whether they take it; that stands until {day}."), day=result.until)
        one = " " + words(N_("Given by one person.")) if result.source == "own" else ""
        return Reply(f"{kept} {next_}{one}")
    if result.applied:
        lines = [words(N_("You asked {nexus} for {amount} (#{handle})."), **data)]
    else:
        lines = [words(N_("Proposed: {amount} to {name} from {nexus} (#{handle})."), **data)]
    lines[0] += " " + _needs(result, words)
    if result.short:
        lines.append(words(N_("The fund is {short} short now, so it waits for that as well."), short=result.short))
    if result.ways:
        lines.append(_ways(words))
    elif result.above:
        lines.append(words(N_("Too few here have no part in it, so those of the Nexus above are asked too.")))
    return Reply("\n".join(lines))


def _needs(result: Proposed, words: Words) -> str:
    need = N_("It needs 1 approval.") if result.needed == 1 else N_("It needs {count} approvals.")
    text = words(need, count=result.needed)
    if result.asked:
        names = ", ".join(result.asked)
        asked = N_("I asked {names} and {more} more.") if result.more else N_("I asked {names}.")
        text += " " + words(asked, names=names, more=result.more)
    return text


def _ways(words: Words) -> str:
    return words(
        N_(
            "Too few who have no part in it can decide about it. It is kept, and the ways out are: another steward or "
            "treasurer, a mandate, or one's own deposit."
        )
    )


def approved(result: Step, words: Words) -> Reply:
    """What an approval came to."""
    if result.state == "approved":
        text = words(
            N_("Approved: {amount} is kept aside for {name}, who can take it until {day} (#{handle})."),
            amount=result.amount,
            name=result.name,
            day=result.until,
            handle=result.handle,
        )
        return Reply(text)
    if result.short:
        text = words(N_("All approvals for #{handle} are there, but not the money yet:"), handle=result.handle)
        again = words(N_("Once there is more, press Approve again and it is kept aside."))
        return Reply(f"{text} {result.short} {again}")
    text = words(
        N_("Your approval of #{handle} counts: {have} of {needed}."),
        handle=result.handle,
        have=result.have,
        needed=result.needed,
    )
    return Reply(text)


def page(result: Page, words: Words) -> Reply:
    """A grant with all its figures and what happened so far."""
    title = words(
        N_("{amount} to {name} (#{handle})"), amount=result.amount, name=result.recipient, handle=result.handle
    )
    fields = [(words(N_("From")), _from(result, words)), (words(N_("Stands")), _stands(result, words))]
    if result.source == "fund" and result.state != "draft":
        fields.append((words(N_("Approvals")), _approvals(result, words)))
    if result.condition:
        fields.append((words(N_("On condition")), result.condition))
    if len(result.parts) > 1 or any(one.state != "planned" for one in result.parts):
        fields.append((words(N_("Parts")), "; ".join(_part(one, words) for one in result.parts)))
    if result.hours:
        fields.append((words(N_("Time so far")), result.hours))
    if result.receipts:
        fields.append((words(N_("Receipts")), ", ".join(result.receipts)))
    if result.report:
        report = words(N_("given")) if result.reported else words(N_("due {day}"), day=result.report)
        fields.append((words(N_("Report")), report))
    if result.every:
        fields.append((words(N_("Comes again")), words(N_("every {time}"), time=result.every)))
    lines = [_happened(one, words) for one in result.happened]
    if result.earlier:
        lines.insert(0, words(N_("… and {count} earlier"), count=result.earlier))
    if result.ways:
        lines.append(_ways(words))
    elif result.above:
        lines.append(words(N_("Too few here have no part in it, so those of the Nexus above are asked too.")))
    return Reply(
        card=Card(title=title, text=result.purpose, fields=tuple(fields), lines=tuple(lines), footer=words(_STRINGS))
    )


def _from(result: Page, words: Words) -> str:
    if result.source == "own":
        return words(N_("{giver}, given by one person, in {nexus}"), giver=result.giver, nexus=result.nexus)
    if result.source == "mandate":
        return words(N_("{nexus}, given by {giver} within a mandate"), giver=result.giver, nexus=result.nexus)
    if result.applied:
        return words(N_("{nexus}, asked for by {proposer}"), nexus=result.nexus, proposer=result.proposer)
    return words(N_("{nexus}, proposed by {proposer}"), nexus=result.nexus, proposer=result.proposer)


def _stands(result: Page, words: Words) -> str:
    stands = words(_STATES[result.state])
    return words(N_("{stands} (until {day})"), stands=stands, day=result.until) if result.until else stands


def _approvals(result: Page, words: Words) -> str:
    count = words(N_("{have} of {needed}"), have=result.have, needed=result.needed)
    return f"{count} ({', '.join(result.approved_by)})" if result.approved_by else count


def _part(one: PartLine, words: Words) -> str:
    due = f", {one.due}" if one.due and one.state in ("planned", "due") else ""
    return f"{one.amount} ({words(_PARTS[one.state])}{due})"


def _happened(one: Happening, words: Words) -> str:
    template = _HAPPENED[one.what]
    data = {"who": one.who, "words": one.words, **one.data}
    if one.what == "approved" and not one.data.get("needed"):
        template = N_("{who} gives it; nobody has to approve")
    if one.words and "{words}" not in template:
        return words(N_("{day} · {what}: {words}"), day=one.day, what=words(template, **data), words=one.words)
    return words(N_("{day} · {what}"), day=one.day, what=words(template, **data))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "grant.propose": proposed,
    "grant.apply": proposed,
    "grant.approve": approved,
    "grant.show": page,
}
