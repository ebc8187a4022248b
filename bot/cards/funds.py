"""Funds, pledges, statements and what money did, as people read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.pictures.fund import fund_picture
from bot.words import Words, how_many
from core.errors import N_
from core.funds.backer_operations import BackerPage, DepositLine, UseLine
from core.funds.digest_operations import Digest, Monthly
from core.funds.match_operations import LeftOver, Matched, OpenLine
from core.funds.move_operations import TakenBack
from core.funds.operations import Deposited, FundLine, FundPage
from core.funds.pledge_operations import PledgeLine, Pledges
from core.funds.statement_operations import Imported

UNREAD = 8  # lines that are named


def fund_page(result: FundPage, words: Words) -> Reply:
    """What is free, reserved and paid, in each currency; the hours given, and to how many people."""
    title = words(N_("The fund of {nexus}"), nexus=result.nexus)
    several = len(result.funds) > 1
    fields = [
        (f"{name} ({line.unit})" if several else name, value)
        for line in result.funds
        for name, value in _figures(line, words)
    ]
    if result.hours_given:
        fields.append((words(N_("Hours given")), result.hours_given))
    if result.hours_promised:
        fields.append((words(N_("Hours promised")), result.hours_promised))
    if result.people:
        fields.append((words(N_("Given to")), how_many(result.people, words)))
    text = "" if result.funds else words(N_("No money has come in so far."))
    return Reply(card=Card(title=title, text=text, fields=tuple(fields), picture=fund_picture(result, words)))


def _figures(line: FundLine, words: Words) -> list[tuple[str, str]]:
    shown = [(N_("Free"), line.free), (N_("Came in"), line.deposited)]
    shown += [
        (N_("Moved in"), line.transferred) if line.figures.transferred > 0 else (N_("Moved out"), line.transferred[1:]),
        (N_("Reserved for grants"), line.committed),
        (N_("Paid"), line.paid),
        (N_("Fees"), line.fees),
    ]
    found = [(words(name), value) for name, value in shown if value]
    if line.budget:
        plan = words(N_("{spent} of {budget}"), spent=line.spent, budget=line.budget)
        found.append((words(N_("Budget {period}"), period=line.period), plan))
    return found


def deposited(result: Deposited, words: Words) -> Reply:
    """What came in, and what there is now."""
    if result.own:
        template = N_("Entered: {amount} of {who} in {nexus}, to give away (#{handle}). {free} of it is there now.")
    elif result.who:
        template = N_("Entered: {amount} from {who}, {day} (#{handle}). The fund of {nexus} has {free} free now.")
    else:
        template = N_("Entered: {amount}, {day} (#{handle}). The fund of {nexus} has {free} free now.")
    text = words(
        template,
        amount=result.amount,
        who=result.who,
        nexus=result.nexus,
        day=result.day,
        handle=result.handle,
        free=result.free,
    )
    if result.pledge:
        text += " " + words(N_("Of the pledge, {rest}."), rest=result.pledge)
    return Reply(text)


def taken_back(result: TakenBack, words: Words) -> Reply:
    """What was taken back, and what that means."""
    text = words(N_("Taken back: {entry} (#{handle})."), entry=result.entry, handle=result.handle)
    if result.free:
        text += " " + words(N_("The fund of {nexus} has {free} free now."), nexus=result.nexus, free=result.free)
    if result.kind == "payment":
        text += " " + words(N_("It counts as not paid."))
    return Reply(text)


# -- pledges and backers -----------------------------------------------------------------------------------------


def pledge(result: PledgeLine, words: Words) -> Reply:
    """A pledge that was made or withdrawn."""
    if result.state == "withdrawn":
        return Reply(words(N_("Your pledge of {amount} is withdrawn."), amount=result.amount))
    fields = [(words(N_("Amount")), result.amount), (words(N_("Fund")), result.nexus)]
    if result.until:
        fields.append((words(N_("By")), result.until))
    text = words(N_("Thank you. I've told those who run the fund; once it is there, they enter it."))
    footer = words(N_("To withdraw it, say “withdraw my pledge #{handle}”."), handle=result.handle)
    title = words(N_("Your pledge"))
    return Reply(card=Card(title=title, text=text, fields=tuple(fields), footer=footer))


def pledges(result: Pledges, words: Words) -> Reply:
    """Pledges into a fund, with what has come of them."""
    if not result.items:
        template = (
            N_("Nobody has pledged anything to the fund of {nexus}.")
            if result.all
            else N_("You have pledged nothing to the fund of {nexus}.")
        )
        return Reply(words(template, nexus=result.nexus))
    template = N_("Pledges to the fund of {nexus}:") if result.all else N_("Your pledges to the fund of {nexus}:")
    lines = tuple(_pledge_line(one, words, named=result.all) for one in result.items)
    return Reply(card=Card(title=words(template, nexus=result.nexus), lines=lines))


def _pledge_line(one: PledgeLine, words: Words, *, named: bool) -> str:
    parts = [f"{one.who}: {one.amount}" if named else one.amount]
    if one.state == "kept":
        parts.append(words(N_("all of it has come")))
    elif one.received:
        parts.append(words(N_("{received} has come, {rest} is to come"), received=one.received, rest=one.rest))
    if one.state == "open" and one.until:
        parts.append(words(N_("by {day}"), day=one.until))
    note = f" “{one.words}”" if one.words else ""
    return f"{', '.join(parts)} (#{one.handle}){note}"


def backer(result: BackerPage, words: Words) -> Reply:
    """What somebody's money did, deposit by deposit."""
    if not result.deposits:
        return Reply(words(N_("I know of no money that you put in.")))
    title = words(N_("What your money did")) if result.own else words(N_("What the money of {who} did"), who=result.who)
    text = "\n".join(
        words(
            N_("{put_in} put in: {given} given to {people}{fees}, {left} is still here."),
            put_in=one.put_in,
            given=one.given,
            people=how_many(one.people, words),
            fees=words(N_(", {fees} of fees"), fees=one.fees) if one.fees else "",
            left=one.left,
        )
        for one in result.totals
    )
    lines = tuple(line for one in result.deposits for line in _deposit_lines(one, words))
    footer = words(N_("And {count} earlier ones."), count=result.more) if result.more else ""
    return Reply(card=Card(title=title, text=text, lines=lines, footer=footer))


def _deposit_lines(one: DepositLine, words: Words) -> list[str]:
    head = words(N_("**{amount}** on {day} in {nexus}"), amount=one.amount, day=one.day, nexus=one.nexus)
    if one.taken_back:
        return [f"{head}: " + words(N_("taken back"))]
    if not one.uses:
        return [f"{head}: " + words(N_("all of it is still here"))]
    left = words(N_("{left} still here"), left=one.left) if one.left else words(N_("all of it given"))
    return [f"{head}: {left}", *(f"→ {_use(use, words)}" for use in one.uses)]


def _use(use: UseLine, words: Words) -> str:
    whom = words(N_(" to {who}"), who=use.who) if use.who else ""
    what = words(N_(" for {what}"), what=use.what) if use.what else ""
    fee = words(N_(" (and {fee} of fees)"), fee=use.fee) if use.fee else ""
    number = words(N_(", receipt {number}"), number=use.receipt) if use.receipt else ""
    return f"{use.amount}{whom}{what}{fee}, {use.day}{number}"


# -- statements --------------------------------------------------------------------------------------------------


def imported(result: Imported, words: Words) -> Reply:
    """What was new, known and unreadable: each line is one of the three."""
    fields = [
        (words(N_("New")), str(result.new)),
        (words(N_("Known already")), str(result.known)),
        (words(N_("Not read")), str(len(result.unread))),
    ]
    lines = [
        words(N_("Line {number}: {why}. “{begins}”"), number=one.number, why=words(one.why), begins=one.begins)
        for one in result.unread[:UNREAD]
    ]
    if len(result.unread) > UNREAD:
        lines.append(words(N_("… and {count} more that I can't read"), count=len(result.unread) - UNREAD))
    text = words(N_("{first} to {last}."), first=result.first, last=result.last)
    if result.sure:
        text += " " + words(N_("Open lines that fit one to one what was entered: {count}."), count=result.sure)
    title = words(N_("Bank statement for {nexus}"), nexus=result.nexus)
    return Reply(card=Card(title=title, text=text, fields=tuple(fields), lines=tuple(lines)))


def matched(result: Matched, words: Words) -> Reply:
    """How many were matched, and the next one that only a person can tell."""
    if result.matched == 1:
        text = words(N_("Matched."))
    else:
        text = words(N_("{count} lines matched."), count=result.matched) if result.matched else ""
    rest = words(
        N_("Unclear: {unsure}. Nothing that fits was entered: {alone}."), unsure=result.unsure, alone=result.alone
    )
    if not (result.unsure or result.alone):
        rest = words(N_("Nothing is open any more."))
    if result.next is None:
        return Reply(f"{text} {rest}".strip())
    title = words(N_("Which of these is it?"))
    lines = (_open_line(result.next, words), *(f"→ {one}" for one in result.next.fits))
    return Reply(card=Card(title=title, text=f"{text} {rest}".strip(), lines=lines))


def _open_line(one: OpenLine, words: Words) -> str:
    return f"{one.amount} · {one.day} · {one.words} (#{one.handle})"


def left_over(result: LeftOver, words: Words) -> Reply:
    """Where bank and books differ."""
    if not (result.lines or result.entries):
        template = N_("Nothing is open in {nexus}: whatever the statements say was entered, and the other way round.")
        return Reply(words(template, nexus=result.nexus))
    lines = []
    for one in result.lines:
        few = len(one.fits) == 1
        fits = words(N_(", may be {entry}"), entry=one.fits[0]) if few else ""
        fits = words(N_(", {count} entries fit"), count=len(one.fits)) if len(one.fits) > 1 else fits
        lines.append(words(N_("Bank:")) + " " + _open_line(one, words) + fits)
    lines += [words(N_("On no statement: {entry}"), entry=one) for one in result.entries]
    title = words(N_("Where the bank and {nexus} differ"), nexus=result.nexus)
    footer = words(N_("And {count} more."), count=result.more) if result.more else ""
    return Reply(card=Card(title=title, lines=tuple(lines), footer=footer))


# -- what was given ----------------------------------------------------------------------------------------------


def digest(result: Digest, words: Words) -> Reply:
    """ "61 h and 4,200 EUR to 9 people", and what for."""
    given = [*([result.hours] if result.hours else []), *result.money]
    if not given:
        return Reply(words(N_("{nexus} gave nothing in {period}."), nexus=result.nexus, period=result.period))
    amount = words(N_(" and ")).join([", ".join(given[:-1]), given[-1]] if len(given) > 1 else given)
    text = words(N_("{amount} to {people}"), amount=amount, people=how_many(result.people, words))
    lines = [
        words(
            N_("{amount} to {who} for {what}") if one.what else N_("{amount} to {who}"),
            amount=one.amount,
            who=one.who,
            what=one.what,
        )
        for one in result.gifts
    ]
    if result.others and result.gifts:
        lines.append(words(N_("and {count} others"), count=result.others))
    title = words(N_("What {nexus} gave in {period}"), nexus=result.nexus, period=result.period)
    return Reply(card=Card(title=title, text=text, lines=tuple(lines)))


def monthly(result: Monthly, words: Words) -> Reply:
    """Whether it is told each month."""
    if result.on:
        template = (
            N_("At the beginning of each month I'll tell here what {nexus} gave.")
            if result.here
            else N_("At the beginning of each month I'll tell you what {nexus} gave.")
        )
    elif result.changed:
        template = N_("I won't tell that each month any more.")
    else:
        template = N_("I wasn't telling that each month.")
    return Reply(words(template, nexus=result.nexus))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "fund.show": fund_page,
    "fund.deposit": deposited,
    "fund.correct": taken_back,
    "fund.import": imported,
    "fund.match": matched,
    "fund.lines": left_over,
    "fund.digest": digest,
    "fund.monthly": monthly,
    "pledge.make": pledge,
    "pledge.list": pledges,
    "pledge.withdraw": pledge,
    "backer.show": backer,
}
