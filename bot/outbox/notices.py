"""Bringing notices to people: finding where each can be reached, and writing that into the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import RowMapping

from adapters.contract import Adapter, Address, Card, Reply
from bot.cards.render import buttons_of
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.shown import Shows
from bot.words import Words
from core.buttons.tables import ButtonSpec
from core.notices import notices
from core.people.people import SHUT, accounts_of
from core.store import Unit

PAGE = 50


def take_notices(unit: Unit, adapters: Mapping[str, Adapter], words: Words) -> list[Outgoing]:
    """Move what can be told now from the notices to the outbox. The rest waits until the person can be reached."""
    rows = []
    for notice in _waiting(unit, adapters):
        account = _account(unit, adapters, notice["person_id"], notice["account_id"])
        if account is None:
            continue
        reply = words_of(notice, words)
        to = Address(
            account["platform"],
            account["direct_place"] or account["external_id"],
            workspace=account["workspace"],
            account_id=account["external_id"],
            private=True,
        )
        rows.append(
            outbox.say(
                unit,
                inbox_id=-notice["id"],  # notices have no event; the negative id keeps (turn, position) unique
                position=0,
                place_key=to.place_key,
                address=to,
                reply=reply,
                shows=shows_card(notice["card"], person=notice["person_id"]),
            )
        )
        notices.settle(unit, notice["id"], "given")
    return rows


def words_of(notice: RowMapping, words: Words) -> Reply:
    """What a notice says, and its buttons; its card is looked up when it is sent."""
    specs = tuple(ButtonSpec(*b) for b in notice["buttons"])
    text = words(notice["template"], **notice["data"])
    return Reply(card=Card(text=text, buttons=buttons_of(specs, words))) if specs else Reply(text)


def shows_card(card: Sequence[Any] | None, *, person: int = 0, place: int = 0) -> Shows | None:
    """What a notice shows below its words, to a person alone or to whoever reads in a place."""
    return Shows(place, person, person, frozenset(), (str(card[0]), dict(card[1]))) if card else None


def _waiting(unit: Unit, adapters: Mapping[str, Adapter]) -> Iterator[RowMapping]:
    """Page by page, so that what waits for people who stay away stands in nobody's way."""
    page = notices.waiting(unit, PAGE, platforms=list(adapters))
    while page:
        yield from page
        page = notices.waiting(unit, PAGE, after=page[-1]["id"], platforms=list(adapters)) if len(page) == PAGE else ()


def _account(unit: Unit, adapters: Mapping[str, Adapter], person_id: int, account_id: int) -> dict[str, Any] | None:
    """The account that is asked for, or the one last seen, among those that can be reached from here now."""
    reachable = [
        account
        for account in accounts_of(unit, person_id)
        if account["platform"] in adapters and _reaches(adapters[account["platform"]], account)
    ]
    wanted = [a for a in reachable if a["id"] == account_id] or reachable
    # With a chat that was opened before one that the platform may refuse; then the one used last.
    return max(wanted, key=lambda a: (bool(a["direct_place"]), a["seen_at"]), default=None)


def _reaches(adapter: Adapter, account: dict[str, Any]) -> bool:
    """Nothing unasked is tried where the person has to open the direct chat, or has closed it, before they speak."""
    opened = adapter.capabilities.direct_first or bool(account["direct_place"])
    return opened and account["direct_place"] != SHUT and adapter.reaches(account["external_id"])
