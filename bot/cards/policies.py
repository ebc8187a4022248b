"""What a grant takes, and mandates, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.policies.mandate_operations import MandateList, MandateStep
from core.policies.operations import PolicyLine, PolicyPage, PolicySet


def policy(result: PolicyPage, words: Words) -> Reply:
    """What holds, with the Nexus that each point comes from where it is another one."""
    lines: list[str] = []
    for one in result.units:
        lines += [f"**{one.units}**"] if len(result.units) > 1 else []
        lines += [_point(line, words) for line in one.lines]
    lines.append(words(N_("Nobody approves what they proposed, would receive or would be paid for.")))
    if result.dollar:
        lines.append(words(N_("$ is {code} here."), code=result.dollar))
    only = result.units[0].units if len(result.units) == 1 else ""
    title = (
        words(N_("What a grant takes in {nexus} ({units})"), nexus=result.nexus, units=only)
        if only
        else words(N_("What a grant takes in {nexus}"), nexus=result.nexus)
    )
    footer = words(N_("To change it, say “two approvals from 500 EUR”, for example.")) if result.may_change else ""
    return Reply(card=Card(title=title, lines=tuple(lines), footer=footer))


def _point(line: PolicyLine, words: Words) -> str:
    if line.source is None:
        return f"{line.text} {words(N_('(as long as nobody says otherwise)'))}"
    return f"{line.text} {words(N_('(from {nexus})'), nexus=line.source)}" if line.source else line.text


def policy_set(result: PolicySet, words: Words) -> Reply:
    """What holds from now on."""
    lines = list(result.lines)
    if result.dollar:
        lines.append(words(N_("$ is {code} here."), code=result.dollar))
    if not result.unit:
        return Reply("\n".join(lines))
    title = words(N_("From now on in {nexus}, for {unit}:"), nexus=result.nexus, unit=result.unit)
    return Reply(card=Card(title=title, lines=tuple(lines)))


def mandate_step(result: MandateStep, words: Words) -> Reply:
    """Where a mandate stands after somebody did something."""
    values = {
        "name": result.name,
        "amount": result.amount,
        "nexus": result.nexus,
        "every": result.every,
        "handle": result.handle,
    }
    if result.state == "active":
        template = N_("{name} may now give up to {amount} of the fund of {nexus} within {every} (#{handle}).")
        return Reply(words(template, **values))
    if result.state != "proposed":
        template = (
            N_("{name} will not give for {nexus} by themselves (#{handle}).")
            if result.state == "rejected"
            else N_("The mandate of {name} is over (#{handle}). What was given stays given.")
        )
        return Reply(words(template, **values))
    if result.have:
        text = words(N_("Noted for #{handle}: {have} of {needed} approvals."), have=result.have,
                     needed=result.needed, handle=result.handle)  # fmt: skip
    else:
        template = N_("Proposed: {name} may give up to {amount} of the fund of {nexus} within {every} (#{handle}).")
        need = N_("It takes 1 approval.") if result.needed == 1 else N_("It takes {count} approvals.")
        text = f"{words(template, **values)} {words(need, count=result.needed)}"
    if result.asked:
        text += " " + words(N_("I've asked {names}."), names=", ".join(result.asked))
    if result.ways:
        text += " " + result.ways
    return Reply(text)


def mandates(result: MandateList, words: Words) -> Reply:
    """Who may give for a Nexus, how much, and what is left of it."""
    if not result.items:
        return Reply(
            words(N_("Nobody has a mandate to give for {nexus}, as far as I may say here."), nexus=result.nexus)
        )
    lines = []
    for one in result.items:
        template = (
            N_("{name}: up to {amount} within {every}, {left} of it left{until} (#{handle})")
            if one.state == "active"
            else N_("{name}: up to {amount} within {every}, waits for approvals: {have} of {needed}{until} (#{handle})")
        )
        until = words(N_(", until {day}"), day=one.until) if one.until else ""
        lines.append(
            words(
                template,
                name=one.name,
                amount=one.amount,
                every=one.every,
                left=one.left,
                have=one.have,
                needed=one.needed,
                until=until,
                handle=one.handle,
            )
        )
    title = words(N_("Who may give for {nexus} without asking each time:"), nexus=result.nexus)
    return Reply(card=Card(title=title, lines=tuple(lines)))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "policy.show": policy,
    "policy.set": policy_set,
    "mandate.give": mandate_step,
    "mandate.approve": mandate_step,
    "mandate.reject": mandate_step,
    "mandate.end": mandate_step,
    "mandate.list": mandates,
}
