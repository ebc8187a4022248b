"""Making buttons and checking presses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.buttons.tables import ButtonSpec, button
from core.clock import DAY
from core.errors import N_, Conflict, NotAllowed
from core.ids import digest, new_token
from core.store import Unit

LIFETIME = DAY

_INSERT = insert(button)
_FIND = select(button).where(button.c.digest == bindparam("d")).with_for_update()
_USE = update(button).where(button.c.digest == bindparam("d"), button.c.state == "open").values(state="used")
_CLOSE_CARD = (
    update(button).where(button.c.card_id == bindparam("card"), button.c.state == "open").values(state="closed")
)
_FORGET = delete(button).where(button.c.expires_at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One button to be made: its label, the operation it runs ("" only closes the card) and the frozen arguments.

    A press confirms the operation unless `asks`: then it only says which one was meant, and the card may follow.
    """

    label: str
    operation: str = ""
    arguments: dict[str, Any] | None = None
    style: str = "plain"
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A valid press: what to run, where. An empty operation means that the card was dismissed."""

    operation: str
    arguments: dict[str, Any]
    nexus_id: int
    confirms: bool


def offer(
    unit: Unit, choices: Sequence[Choice], *, person_id: int, nexus_id: int, lifetime: int = LIFETIME
) -> tuple[ButtonSpec, ...]:
    """Make the buttons of one card, for `person_id` (0: whoever may do the operation). `lifetime` in milliseconds."""
    card_id = unit.new_id()
    made = []
    for choice in choices:
        token = new_token()
        unit.execute(
            _INSERT,
            {
                "digest": digest(token),
                "card_id": card_id,
                "person_id": person_id,
                "nexus_id": nexus_id,
                "operation": choice.operation,
                "arguments": _seal(token, json.dumps(choice.arguments or {}).encode()).hex(),
                "origin": "talk" if choice.asks else "button",
                "state": "open",
                "expires_at": unit.now + lifetime,
            },
        )
        made.append(ButtonSpec(choice.label, token, choice.style))
    return tuple(made)


def press(unit: Unit, token: str, person_id: int) -> Pressed:
    """Use a button up and say what it stands for.

    Raises `NotAllowed` for an unknown token or another person's button (the card stays usable), `Conflict` when it
    was used already or is too old. The caller runs the operation in the same unit, so that a failure leaves the
    button as it was.
    """
    key = digest(token)
    row = unit.row(_FIND, d=key)
    if row is None:
        raise NotAllowed(N_("That button is not one of mine, or it is too old."), code="unknown_button")
    if row["person_id"] not in (0, person_id):
        raise NotAllowed(N_("That button is for somebody else."), code="foreign_button")
    if row["state"] != "open":
        raise Conflict(N_("That was already decided."), code="used_button")
    if row["expires_at"] <= unit.now:
        raise Conflict(N_("That offer has run out. Just ask me again."), code="expired_button")
    if unit.changed(_USE, d=key) != 1:
        raise Conflict(N_("That was already decided."), code="used_button")
    unit.changed(_CLOSE_CARD, card=row["card_id"])
    arguments = json.loads(_seal(token, bytes.fromhex(row["arguments"])))
    return Pressed(row["operation"], arguments, row["nexus_id"], row["origin"] == "button")


def _seal(token: str, data: bytes) -> bytes:
    """Data that only the token opens, and open again: thoughts and codes wait in a button unread by whoever sees rows.

    The store keeps a hash of the token and each token seals once, so its stream of bytes is a one-time pad.
    """
    stream = hashlib.shake_256(b"button:" + token.encode()).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))


def forget_old(unit: Unit) -> int:
    """Delete buttons that expired more than a week ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - 7 * DAY)
