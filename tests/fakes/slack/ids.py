"""Ids and secrets: alike on every run, never twice."""

import hashlib
from itertools import count
from uuid import UUID

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """One counter behind all of them."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def number(self) -> int:
        """A number of 12 digits."""
        return 100_000_000_000 + next(self._numbers)

    def new(self, letter: str) -> str:
        """`U0…` and the like: the letter and ten characters."""
        number, word = next(self._numbers), ""
        while number:
            number, digit = divmod(number, 36)
            word = _LETTERS[digit] + word
        return f"{letter}0FAKE{word:0>5}"

    def secret(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.md5(str(next(self._numbers)).encode(), usedforsecurity=False).hexdigest()

    def uuid(self) -> str:
        """A client_msg_id."""
        return str(UUID(self.secret()))
