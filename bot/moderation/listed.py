"""People on the ban lists that a Nexus follows, as they come and speak there."""

from __future__ import annotations

from adapters.contract import Event, EventKind
from bot.inbox.inbox import place_of_event
from core.moderation.cases.cases import Message
from core.moderation.lists import reach
from core.people.people import Speaker
from core.store import Unit


def accounts(unit: Unit, nexus_id: int) -> frozenset[str]:
    """Their accounts, as `watch` calls them, as long as nothing came of them there."""
    return frozenset(
        f"{platform}:{workspace}:{account}" for platform, workspace, account in reach.awaited(unit, nexus_id)
    )


def meet(unit: Unit, nexus_id: int, event: Event, who: Speaker) -> bool:
    """Let the lists do what they may. Whether what was said is taken away with who said it."""
    place = place_of_event(unit, event)
    said = None
    if event.kind is not EventKind.JOINED and event.message_id:
        where = (event.platform, event.workspace, event.place.id)
        said = Message(*where, event.message_id, who.person_id, event.text, event.place.thread)
    return reach.seen(unit, nexus_id, who.account_id, place, said)
