"""The card of a notice: looked up when it is sent, for exactly those who hear it at that moment.

What is stored is the name of an operation that only reads and its frozen arguments, never what it says. So nothing
stands in the outbox that could become wrong or forbidden on its way, and rights count as they are when it is told.

Decision rule: one person who hears it alone gets what they would get if they asked for it themselves. A place gets what
somebody without any right of their own may look up there, and never what is private by its nature. Where it is
refused, the words of the notice are said without it. An operation that changes something is never run.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.contract import Address, Card, Reply
from bot.cards import reply_for
from bot.log import log
from bot.outbox.shown import Shows, hearers
from bot.words import Words
from core.errors import NexusError
from core.nexuses.tree import ROOT_ID
from core.operations import Actor, Context, Origin, Registry, Where
from core.operations.run import Done, run
from core.people.people import here_of, person_of
from core.places.places import place_of
from core.store import Unit

_NOBODY = Actor(0, "")


def with_card(unit: Unit, registry: Registry, words: Words, found: Shows, to: Address, reply: Reply) -> Reply:
    """The reply with its card below its words and above its buttons, or as it is. The unit may be one that reads."""
    if found.card is None:
        return reply
    name, arguments = found.card
    try:
        operation = registry.get(name)
        if operation.writes or (operation.private and not found.person):
            return reply
        outcome = run(registry, _context(unit, found, to), name, arguments)
    except (NexusError, LookupError):  # who hears it may not see it, or it is not there any more
        return reply
    except Exception as error:  # a fault of ours: the words are not lost for it
        log.error("the card of a notice could not be looked up", extra={"card": name, "error": type(error).__name__})
        return reply
    return _below(reply, reply_for(outcome, words)) if isinstance(outcome, Done) else reply


def _context(unit: Unit, found: Shows, to: Address) -> Context:
    audience = hearers(unit, found, to)
    if found.person:
        person = person_of(unit, found.person)
        if person.forgotten:
            raise LookupError(f"nobody of the number {found.person}")
        here = here_of(unit, person.id) or ROOT_ID
        return Context(unit, Actor(person.id, person.name), here, audience, Where(to.platform), Origin.COMMAND)
    place = place_of(unit, found.place)
    where = Where(to.platform, place.id, direct=False)
    return Context(unit, _NOBODY, place.nexus_id or ROOT_ID, audience, where, Origin.COMMAND)


def _below(reply: Reply, shown: Reply) -> Reply:
    """Words, then the card, then the buttons of the notice: those of the card were made for nobody."""
    text = "\n\n".join(part for part in (reply.text, reply.card.text if reply.card else "") if part)
    buttons = reply.card.buttons if reply.card else ()
    if shown.card is None and not buttons:
        return Reply("\n\n".join(part for part in (text, shown.text) if part))
    return Reply(text, replace(shown.card or Card(text=shown.text), buttons=buttons))
