"""Errors that people read: a stable code, the data, and a sentence that says what, why and what to do.

The sentence is a template (a message id of the catalogue), so that it can be translated where it is shown.
"""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:
    """Mark a text for the message catalogue and leave it as it is."""
    return text


class NexusError(Exception):
    """Something that a person asked for cannot be done. `code` is stable, `message` is for people.

    `may_retry` tells a model whether calling again with other arguments can help.
    """

    code = "error"
    may_retry = False

    def __init__(self, template: str, *, code: str | None = None, **data: Any) -> None:
        super().__init__(template)
        self.template = template
        self.data = data
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """The sentence in the source language."""
        return self.template.format(**self.data) if self.data else self.template

    def __str__(self) -> str:
        return self.message


class BadInput(NexusError):
    """What was typed cannot be read. The message says what would be right; `argument` which one it is about, if any."""

    code = "bad_input"
    may_retry = True
    argument = ""


class Missing(NexusError):
    """Arguments that must be given are not there; `data["names"]` lists them in order.

    `pressed` is what the button stands for, if one was pressed: its operation and what it carries.
    """

    code = "missing"
    may_retry = True
    pressed: tuple[str, dict[str, Any]] | None = None


class NotFound(NexusError):
    """There is no such thing, or none that this person may know of: both sound the same."""

    code = "not_found"
    may_retry = True


class Ambiguous(NexusError):
    """Several things fit; `data["choices"]` lists what they are called."""

    code = "ambiguous"
    may_retry = True


class NotAllowed(NexusError):
    """The person may not do this here. The message says who could help."""

    code = "not_allowed"


class Conflict(NexusError):
    """It was true once and no longer is: already done, already used, changed in between."""

    code = "conflict"


class LimitReached(NexusError):
    """A quota is used up. The message says when to try again."""

    code = "limit"
