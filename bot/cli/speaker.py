"""Who speaks at a terminal, and calling one operation for them."""

from __future__ import annotations

import getpass
from typing import Any

from bot.words import Words
from core.access.nexuses import access_nexus
from core.catalogue import REGISTRY
from core.errors import N_, BadInput, NexusError, NotFound
from core.nexuses.tree import ROOT_ID, nexus_by_slug
from core.operations import Actor, Audience, AudienceKind, Context, Origin, Where
from core.operations.run import Done, as_json, run
from core.people.people import here_of, set_here, speaker
from core.store import Unit


def default_name() -> str:
    """The name of whoever is logged in."""
    try:
        return getpass.getuser().capitalize()
    except (OSError, KeyError):
        return "You"


def context_at_terminal(unit: Unit, name: str, nexus: str | None, origin: Origin) -> Context:
    """The context of a terminal account: its own, never somebody's account of another platform."""
    name = " ".join(name.split())
    if not name:
        raise BadInput(N_("Please give a name, such as --as Ana."))
    who = speaker(unit, platform="terminal", workspace="", external_id=name.casefold(), name=name)
    context = Context(
        unit=unit,
        actor=Actor(who.person_id, who.name, who.account_id),
        nexus_id=here_of(unit, who.person_id) or ROOT_ID,
        audience=Audience(AudienceKind.PERSON, who.person_id),
        where=Where("terminal"),
        origin=origin,
    )
    if nexus:
        context.nexus_id = access_nexus(context, nexus).id
    return context


def enter(unit: Unit, name: str, slug: str) -> None:
    """Make a Nexus the one that this account's talk is about. Raises `NotFound`."""
    context = context_at_terminal(unit, name, None, Origin.CLI)
    found = nexus_by_slug(unit, slug.casefold())
    if found is None:
        raise NotFound(N_("I know no Nexus called {name} that you can see."), name=slug)
    set_here(unit, context.actor.person_id, access_nexus(context, f"={found.id}").id)


def call(unit: Unit, operation: str, name: str, nexus: str | None, arguments: dict[str, Any], words: Words) -> Any:
    """Run one operation; returns (exit code, JSON value). Refusals are values, so that quotas they cost are kept."""
    try:
        context = context_at_terminal(unit, name, nexus, Origin.CLI)
        outcome = run(REGISTRY, context, operation, arguments)
    except NexusError as error:
        code = 2 if error.code in ("bad_input", "missing") else 1
        return code, {"error": {"code": error.code, "message": words.error(error)}}
    assert isinstance(outcome, Done)
    return 0, {"operation": outcome.operation.name, "result": as_json(outcome.result)}
