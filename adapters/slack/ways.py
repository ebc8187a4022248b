"""Where an answer goes: a channel and thread, one reader in it, a response URL, or somebody's direct chat."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.contract import Address, Unreachable
from adapters.slack.people import People
from adapters.slack.respond import Handle, unpack
from adapters.slack.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Way:
    """How a reply gets there. With `user` it is seen by that reader alone; `handle` is a response URL that still lasts.

    `reader` is whom it is for, where that is one person.
    """

    channel: str
    thread: str = ""
    user: str = ""
    reader: str = ""
    handle: Handle | None = None


async def way_of(to: Address, at: Workspace, people: People, now: int) -> Way:
    """Where an address leads.

    A private answer to something asked in a shared place is given there; anything else private goes to the direct
    chat. Raises `Unreachable` for a private answer to nobody in particular, and `Refused` and `Lost`.
    """
    handle = unpack(to.respond)
    if handle is not None and not handle.lasts(now):
        handle = None
    place = to.place_id
    direct, person = place.startswith("D"), place[:1] in ("", "U", "W")
    if to.private:
        if not to.account_id and not direct:
            raise Unreachable("a private answer needs an account")
        if to.account_id and not person and (to.reply_to or to.respond):
            # In a thread that nobody has answered in yet, Slack shows such a message to nobody.
            thread = to.thread if to.thread != to.reply_to else ""
            return Way(place, thread, to.account_id, to.account_id, handle)
        if not direct:
            return Way(await people.direct(at, to.account_id), reader=to.account_id)
    if person:
        return Way(await people.direct(at, place or to.account_id), reader=place or to.account_id)
    return Way(place, to.thread or ("" if direct else to.reply_to), "", to.account_id, handle)
