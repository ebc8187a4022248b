"""Events as the look at them takes them: which of them it concerns, where and by whom, in the words of the signals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from adapters.contract import Account, Event, EventKind, PlaceKind
from bot.inbox.inbox import place_of_event
from bot.moderation.waves import Name
from core.moderation.signals.seen import Author, Message
from core.people.people import accounts_of, known_speaker
from core.places.places import nexuses_in
from core.store import Unit

_TO_MODERATORS = ("report", "appeal")


@dataclass(slots=True)
class Whose:
    """The key of a person: that of the oldest of their accounts."""

    key: str
    read_at: int


def concerns(event: Event) -> bool:
    """Whether it is looked at: what people say for all to read, edits, and arrivals."""
    if event.account.is_bot or event.place.kind is PlaceKind.DIRECT:
        return False
    if event.kind is EventKind.COMMAND:  # typed where all can read it, which leaves out those of menus and shortcuts
        command = event.command
        typed = command is not None and command.arguments is None and bool(event.message_id) and not event.respond
        return typed and command is not None and command.name not in _TO_MODERATORS
    return event.kind in (EventKind.MESSAGE, EventKind.EDIT, EventKind.JOINED)


def event_name(event: Event) -> tuple[str, str, str]:
    """What tells it from every other event."""
    return event.platform, event.workspace, event.event_id


def place_key(event: Event) -> tuple[str, str, str, str]:
    """Where it happened."""
    return event.platform, event.workspace, event.place.id, event.place.thread


def key_of(platform: str, workspace: str, account_id: str) -> str:
    """The key of an account for the signals."""
    return f"{platform}:{workspace}:{account_id}"


def whose(unit: Unit, names: Collection[Name]) -> dict[Name, Whose]:
    """Whose accounts these are. One alone keeps its own key, also when its person becomes known."""
    found = {}
    for platform, workspace, account_id in names:
        key = key_of(platform, workspace, account_id)
        who = known_speaker(unit, platform=platform, workspace=workspace, external_id=account_id)
        if who is not None:
            first = accounts_of(unit, who.person_id)[0]
            key = key_of(first["platform"], first["workspace"], first["external_id"])
        found[(platform, workspace, account_id)] = Whose(key, unit.now)
    return found


def nexuses_of(unit: Unit, event: Event) -> tuple[int, ...]:
    """The Nexuses that it concerns: of an arrival on a server, those of all its channels."""
    place = place_of_event(unit, event)
    if place.nexus_id is not None:
        return (place.nexus_id,)
    whole = event.kind is EventKind.JOINED and event.place.id in ("", event.workspace)
    return tuple(nexuses_in(unit, event.platform, event.workspace)) if whole else ()


def seconds(event: Event) -> float:
    """When it happened, in seconds since 1970."""
    return event.sent_at / 1000


def message(event: Event, who: str) -> Message:
    """A message for the signals."""
    return Message(
        event.text,
        seconds(event),
        who,
        f"{event.platform}:{event.workspace}:{event.place.id}",
        mentions=len(event.mentions),
        everyone=event.everyone,
        attachments=len(event.attachments),
        forwarded=event.forwarded,
        id=event.message_id,
    )


def author(event: Event, who: str, count: int) -> Author:
    """Who wrote it; `count`: how many messages of theirs were seen before."""
    account: Account = event.account
    return Author(
        who,
        joined_at=account.joined_at / 1000 if account.joined_at else None,
        created_at=account.made_at / 1000 if account.made_at else None,
        messages=count,
        protected=bool(account.manages),
    )
