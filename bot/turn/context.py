"""The context that core trusts, made from a recorded event: who, where, heard by whom. A model has no part in it."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.contract import Account, Address, Event, PlaceKind
from bot.inbox.inbox import Entry
from core.nexuses.members import standing_in
from core.nexuses.tree import ROOT_ID, nexus_of
from core.operations import Actor, Answered, Context, Named, Operation, Origin, Registry, Where
from core.people.people import Person, fold, here_of, known_speaker, person_of
from core.places.places import Place, audience_of, place_of
from core.places.workspaces import roles_of
from core.store import Unit


class Forgotten(Exception):
    """Whoever said this had themselves forgotten before it was worked, and it is forgotten with the rest."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a turn takes place, read once per unit."""

    person: Person
    place: Place
    nexus_id: int
    nexus: str
    standing: int
    role: str


def setting_of(unit: Unit, entry: Entry, place: Place | None = None) -> Setting:
    """Look up who speaks (merges followed), where, about which Nexus, and with which standing. Raises `Forgotten`."""
    person = person_of(unit, entry.person_id)
    if person.forgotten:
        raise Forgotten
    place = place or place_of(unit, entry.place_id)
    nexus_id = here_of(unit, person.id) if place.direct else place.nexus_id or ROOT_ID
    nexus = nexus_of(unit, nexus_id or ROOT_ID)
    if nexus.state != "active":
        nexus = nexus_of(unit, ROOT_ID)
    standing, why = standing_in(unit, person.id, nexus.id)
    return Setting(person, place, nexus.id, nexus.name, standing, why.split(" ")[0] if standing >= 0 else "guest")


def context_of(unit: Unit, entry: Entry, setting: Setting, origin: Origin, key: str) -> Context:
    """The context of one call in this turn."""
    return Context(
        unit=unit,
        actor=Actor(setting.person.id, setting.person.name, entry.account_id),
        nexus_id=setting.nexus_id,
        audience=audience_of(unit, setting.place, setting.person.id),
        where=where_of(unit, entry, setting),
        origin=origin,
        key=key,
    )


def where_of(unit: Unit, entry: Entry, setting: Setting) -> Where:
    """The place, with what this message names there: people by their mention, and the roles of the platform."""
    event = entry.event
    mentioned = []
    for account in event.mentions:
        known = known_speaker(unit, platform=event.platform, workspace=account.workspace, external_id=account.id)
        if known is not None:
            mentioned += [(fold(name), known.person_id) for name in {account.username, account.name} if name]
    roles = roles_of(unit, event.platform, event.workspace) if event.workspace and not setting.place.direct else ()
    return Where(
        event.platform,
        setting.place.id,
        setting.place.direct,
        roles,
        tuple(mentioned),
        event.account.manages,
        tuple(_named(account) for account in event.mentions),
        _answered(event),
        # What is said to us in the open is answered in a thread that it opens on some platforms: it is in none yet.
        event.place.thread if event.place.thread != event.message_id else "",
    )


def _named(account: Account) -> Named:
    return Named(account.id, account.name, account.username, account.workspace, account.is_bot)


def _answered(event: Event) -> Answered | None:
    if not event.reply_to:
        return None
    author = event.reply_to_account
    return Answered(event.reply_to, _named(author) if author is not None else None, event.reply_text)


def sayable(registry: Registry, setting: Setting) -> list[Operation]:
    """The operations that can be asked for here, in the order of declaration.

    Also those that this speaker may not use: so the refusal can say what it takes and who could help.
    """
    return [o for o in registry if not o.internal and (setting.place.direct or not o.direct_only)]


def usable(registry: Registry, setting: Setting) -> list[Operation]:
    """The operations that this speaker may use here, in the order of declaration."""
    return [o for o in sayable(registry, setting) if o.who <= 0 or setting.standing >= o.who]


def address_of(entry: Entry, *, private: bool = False) -> Address:
    """Where the answer to an event goes. What is private stays where it was asked if the platform can do that."""
    event = entry.event
    direct = event.place.kind is PlaceKind.DIRECT
    return Address(
        platform=event.platform,
        place_id=event.place.id,
        thread=event.place.thread,
        workspace=event.workspace,
        account_id=event.account.id,
        private=private and not direct,
        reply_to="" if direct else event.message_id,
        respond=event.respond,
    )
