"""Which button a typed line presses.

A number means the most recent card that shows it: numbers count upward through the cards that arrive between two
things a person says, and start at 1 again afterwards. A newer card that takes a number retires the older card
whole. A card that was pressed is gone; a card that was not stands whatever else is typed.

"yes" and "no" are easily meant for something else, so they count only for a card that came after the person last
spoke, that has an expected (primary) choice, and beside which no other such card came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.contract import Button, ButtonStyle

_NUMBER = re.compile(r"([0-9]{1,3})|\[([0-9]{1,3})\]")
_YES = frozenset({"yes", "y"})
_NO = frozenset({"no", "n"})


@dataclass(frozen=True, slots=True)
class Pressed:
    """The one button that a line means."""

    message_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that means a button, but fits more than one: asked, never guessed."""


@dataclass(frozen=True, slots=True)
class _Card:
    message_id: str
    first: int
    buttons: tuple[Button, ...]
    round: int

    def numbers(self) -> range:
        return range(self.first, self.first + len(self.buttons))


@dataclass(slots=True)
class _Asked:
    """What one person is being asked."""

    cards: list[_Card] = field(default_factory=list)
    next_number: int = 1
    round: int = 0


class Choices:
    """The open choices of everyone at this terminal, by account id."""

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}

    def offer(self, account_id: str, message_id: str, buttons: Sequence[Button]) -> range:
        """Put a card's buttons before a person; returns their numbers. The same buttons again keep theirs."""
        asked = self._asked.setdefault(account_id, _Asked())
        for card in asked.cards:
            if card.message_id == message_id and card.buttons == tuple(buttons):
                return card.numbers()
        self.withdraw(account_id, message_id)
        if not buttons:
            return range(0)
        new = _Card(message_id, asked.next_number, tuple(buttons), asked.round)
        asked.next_number += len(buttons)
        asked.cards = [card for card in asked.cards if not set(card.numbers()) & set(new.numbers())]
        asked.cards.append(new)
        return new.numbers()

    def withdraw(self, account_id: str, message_id: str) -> None:
        """Forget a card: it was pressed, or lost its buttons."""
        if asked := self._asked.get(account_id):
            asked.cards = [card for card in asked.cards if card.message_id != message_id]

    def spoke(self, account_id: str) -> None:
        """The person said or pressed something: cards that come from now on number from 1."""
        asked = self._asked.setdefault(account_id, _Asked())
        asked.next_number = 1
        asked.round += 1

    def standing(self, account_id: str) -> list[tuple[int, Button]]:
        """The choices that a person can still make, by number."""
        asked = self._asked.get(account_id, _Asked())
        return sorted(
            ((n, b) for card in asked.cards for n, b in zip(card.numbers(), card.buttons, strict=True)),
            key=lambda choice: choice[0],
        )

    def find(self, account_id: str, line: str) -> Pressed | Unclear | None:
        """The button that a line means: by number, else by label, else by yes or no. None: it means no button."""
        asked = self._asked.get(account_id)
        if asked is None or not asked.cards:
            return None
        if match := _NUMBER.fullmatch(line.strip()):
            number = int(match[1] or match[2])
            hits = [(c, c.buttons[number - c.first]) for c in asked.cards if number in c.numbers()]
        else:
            word = _plain(line)
            hits = [(c, b) for c in asked.cards for b in c.buttons if word and _plain(b.label) == word]
            if not hits and word in _YES | _NO:
                return _by_word(asked, word)
        if len(hits) > 1:
            return Unclear()
        return Pressed(hits[0][0].message_id, hits[0][1].token) if hits else None


def _by_word(asked: _Asked, word: str) -> Pressed | Unclear | None:
    fresh = [card for card in asked.cards if card.round == asked.round and _expected(card) is not None]
    if len(fresh) != 1:
        return Unclear() if fresh else None
    (card,) = fresh
    expected = _expected(card)
    if expected is not None and word in _YES:
        return Pressed(card.message_id, expected.token)
    others = [button for button in card.buttons if button is not expected]
    return Pressed(card.message_id, others[0].token) if len(others) == 1 else Unclear()


def _expected(card: _Card) -> Button | None:
    return next((button for button in card.buttons if button.style is ButtonStyle.PRIMARY), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+|\?", text.casefold()))
