"""Events and replies as JSON and back: what the inbox and the outbox store. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from adapters.contract import (
    Account,
    Address,
    Attachment,
    Button,
    ButtonPress,
    ButtonStyle,
    Card,
    Command,
    Event,
    EventKind,
    File,
    Place,
    PlaceKind,
    Reply,
    Sent,
)


def dump(value: Event | Reply | Address | Sent | Attachment) -> dict[str, Any]:
    """As JSON values. Empty parts are left out: most events and replies are mostly empty."""
    return {k: v for k, v in asdict(value).items() if v not in ("", None, (), 0, False)}


def load_event(data: dict[str, Any]) -> Event:
    """The event that `dump` wrote."""
    data = dict(data)
    place = dict(data["place"])
    place["kind"] = PlaceKind(place["kind"])
    data["kind"] = EventKind(data["kind"])
    data["account"] = _account(data["account"])
    data["place"] = Place(**place)
    if data.get("reply_to_account"):
        data["reply_to_account"] = _account(data["reply_to_account"])
    if data.get("command"):
        data["command"] = Command(**data["command"])
    if data.get("press"):
        data["press"] = ButtonPress(**data["press"])
    data["attachments"] = tuple(Attachment(**a) for a in data.get("attachments", ()))
    data["mentions"] = tuple(_account(a) for a in data.get("mentions", ()))
    return Event(**data)


def _account(data: dict[str, Any]) -> Account:
    roles = data.get("roles")
    return Account(**{**data, "roles": tuple(roles) if roles is not None else None})


def load_reply(data: dict[str, Any]) -> Reply:
    """The reply that `dump` wrote."""
    card = data.get("card")
    return Reply(
        text=data.get("text", ""),
        card=_card(card) if card else None,
        files=tuple(File(**f) for f in data.get("files", ())),
    )


def _card(data: dict[str, Any]) -> Card:
    picture = data.get("picture")
    return Card(
        title=data["title"],
        text=data["text"],
        fields=tuple((label, value) for label, value in data["fields"]),
        lines=tuple(data["lines"]),
        footer=data["footer"],
        buttons=tuple(Button(b["label"], b["token"], ButtonStyle(b["style"])) for b in data["buttons"]),
        picture=File(**picture) if picture else None,
    )


def load_address(data: dict[str, Any]) -> Address:
    """The address that `dump` wrote."""
    return Address(**{"place_id": "", **data})


def load_sent(data: dict[str, Any] | None) -> Sent | None:
    """The ids that `dump` wrote."""
    return Sent(data.get("place_id", ""), tuple(data.get("message_ids", ()))) if data else None
