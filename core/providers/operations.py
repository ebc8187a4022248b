"""Saying whether talk may go to the model's provider: for a Nexus, or for oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus, named_or_here
from core.errors import N_, Conflict, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context, Origin
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice
from core.providers import consents, says
from core.providers.provider import provider_of

ME, NEXUS = "me", "nexus"
WHOSE = Choice(
    N_("whose words it is about: yours (me), or those of everybody in the Nexus (nexus)"),
    (ME, NEXUS),
    also={"my": ME, "mine": ME, "myself": ME, "i": ME, "our": NEXUS, "us": NEXUS, "we": NEXUS, "everyone": NEXUS},
)
WHERE = NexusField(N_("the Nexus"))


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands with the provider: its host ("" without a model), whether what is said in a Nexus (`where`) goes
    there and which other Nexus decided that ("" for itself, for nobody, or for one that the caller does not know), and
    whether what the caller writes does. `moderates`: what might be abuse is read there, whoever it was said to.
    """

    host: str
    where: str
    allowed: bool
    decided: str
    mine: bool
    moderates: bool = False


@operation("model.show", private=True, says=says.SHOW)
def show(context: Context, nexus: Annotated[Nexus | None, WHERE] = None) -> Stand:
    """Whether what is said in a Nexus goes to a model, and to which."""
    return _stand(context, named_or_here(context, nexus))


def _allowing(context: Context, nexus: Nexus | None = None, whose: str | None = None) -> Mapping[str, str]:
    where, host = named_or_here(context, nexus), provider_of(context.unit).host
    me, moderates = _means_me(context, where, whose, nexus), provider_of(context.unit).moderates
    if not host:
        raise Conflict(N_("There is no model here: I answer by myself, and nothing goes anywhere."))
    if me and not consents.person_refuses(context.unit, context.actor.person_id):
        raise Conflict(N_("You have not said no, so that is as you want it already."))
    if not me and consents.decision_for(context.unit, where.id) == consents.Decision(True, where.id):
        raise Conflict(N_("{nexus} allows that already."), nexus=where.name)
    if me:
        return {
            "question": N_(
                "Let what you write to me go to the model at {host} again, where the Nexus we talk about allows it?"
            ).format(host=host)
        }
    return {
        "question": N_(
            "Let what is said to me in {nexus}, and in all below it that has not decided for itself, go to the model "
            "at {host}? With each message go our recent talk and the few needs, offers and names that help me answer, "
            "never more than those who hear the answer may know. What has gone there cannot be called back."
        ).format(nexus=where.name, host=host)
        + (N_(" What might be abuse is read there as well, whoever it was said to.") if moderates else "")
    }


@operation(
    "model.allow",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.ALLOW,
    preview=_allowing,
    asks="{question}",
)
def allow(
    context: Context,
    nexus: Annotated[Nexus | None, WHERE] = None,
    whose: Annotated[str | None, WHOSE] = None,
) -> Stand:
    """Let what is said in a Nexus, or what you write yourself, go to the model."""
    _allowing(context, nexus, whose)
    return _decided(context, nexus, whose, allowed=True)


def _refusing(context: Context, nexus: Nexus | None = None, whose: str | None = None) -> Mapping[str, str]:
    where, host = named_or_here(context, nexus), provider_of(context.unit).host
    me = _means_me(context, where, whose, nexus)
    if me and consents.person_refuses(context.unit, context.actor.person_id):
        raise Conflict(N_("What you write goes to no model already."))
    if not me and consents.decision_for(context.unit, where.id) == consents.Decision(False, where.id):
        raise Conflict(N_("What is said in {nexus} goes to no model already."), nexus=where.name)
    model = N_("the model at {host}").format(host=host) if host else N_("any model")
    if me:
        return {
            "question": N_(
                "Keep what you write from {model}? I then answer you by myself, wherever you talk to me, and it hears "
                "nothing of what you have posted. What has gone there already cannot be called back."
            ).format(model=model)
        }
    return {
        "question": N_(
            "Keep what is said in {nexus}, and in all below it that has not decided for itself, from {model}? I then "
            "answer there by myself. What has gone there already cannot be called back."
        ).format(nexus=where.name, model=model)
    }


@operation(
    "model.refuse",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.REFUSE,
    preview=_refusing,
    asks="{question}",
)
def refuse(
    context: Context,
    nexus: Annotated[Nexus | None, WHERE] = None,
    whose: Annotated[str | None, WHOSE] = None,
) -> Stand:
    """Keep what is said in a Nexus, or what you write yourself, from the model."""
    _refusing(context, nexus, whose)
    return _decided(context, nexus, whose, allowed=False)


def _decided(context: Context, nexus: Nexus | None, whose: str | None, *, allowed: bool) -> Stand:
    """Say yes or no, for the caller alone or for the Nexus."""
    where, unit, caller = named_or_here(context, nexus), context.unit, context.actor.person_id
    me = _means_me(context, where, whose, nexus)
    if not me:
        consents.decide(unit, where.id, allowed=allowed, by=caller)
    elif allowed:
        consents.lift(unit, caller)
    else:
        consents.refuse(unit, caller)
    context.note(nexus=where.id, whose=ME if me else NEXUS)
    return _stand(context, where)


def _means_me(context: Context, where: Nexus, whose: str | None, named: Nexus | None) -> bool:
    """Whether it is about the caller alone. Raises `NotAllowed`.

    Left open, it is about the Nexus if one was named or a steward speaks.
    """
    whose = whose or (NEXUS if named is not None else None)
    standing, _ = standing_in(context.unit, context.actor.person_id, where.id)
    decides = standing >= Who.STEWARD or context.origin is Origin.SYSTEM
    if whose == NEXUS and not decides:
        raise NotAllowed(
            N_(
                "That takes a steward of {nexus}, which you are not. For what you write yourself you can decide: say "
                "“keep what I write from the model”, for example."
            ),
            nexus=where.name,
        )
    return whose == ME or not decides


def _stand(context: Context, where: Nexus) -> Stand:
    unit = context.unit
    decision = consents.decision_for(unit, where.id)
    known = decision.nexus_id not in (0, where.id) and may_know_nexus(unit, context.audience, decision.nexus_id)
    return Stand(
        provider_of(unit).host,
        where.name,
        decision.allowed,
        nexus_of(unit, decision.nexus_id).name if known else "",
        not consents.person_refuses(unit, context.actor.person_id),
        provider_of(unit).moderates,
    )


OPERATIONS = (show, allow, refuse)
