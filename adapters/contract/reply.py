"""What the bot says, in neutral words. Replies are stored as JSON in the outbox until they are sent.

Text is a small subset of Markdown: paragraphs, `**bold**`, `*italic*`, `` `code` ``, fenced code, `[label](url)`
and lines starting with "- ". Anything else is shown as it stands. Adapters turn it into their platform's form and
split what is too long at paragraph, sentence and code-fence borders in the platform's own length unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ButtonStyle(StrEnum):
    """How strongly a button invites: the expected choice, an ordinary one, one that takes something away."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `token` is opaque (at most 40 ASCII characters) and comes back in a `ButtonPress`."""

    label: str
    token: str
    style: ButtonStyle = ButtonStyle.PLAIN


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: `path` on this machine or `content` held in memory (base64 when stored).

    Of a picture `alt` says what it shows, for people who cannot see it, and `plain` is the same in lines of characters,
    for where no pictures are shown.
    """

    name: str
    media_type: str = "application/octet-stream"
    path: str = ""
    content: str = ""  # base64
    alt: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A titled block. `fields` are (label, value) pairs, `lines` are list entries, `footer` is small print."""

    title: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    picture: File | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: free text, a card, or both (text first), and files."""

    text: str = ""
    card: Card | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes. `account_id` is set for answers to one person: the platform's private way to them.

    With `private` an adapter must deliver so that only that account can read it, or raise `Unreachable`.
    `respond` is `Event.respond` of the event that is answered: a way to answer in its place (an interaction, a
    response URL) that ends after some minutes. An adapter uses it while it lasts and falls back to the place.
    """

    platform: str
    place_id: str
    thread: str = ""
    workspace: str = ""
    account_id: str = ""
    private: bool = False
    reply_to: str = ""
    respond: str = field(default="", repr=False)

    @property
    def place_key(self) -> str:
        """The place as one word, threads included: what goes there is sent in its order."""
        return f"{self.platform}:{self.workspace}:{self.place_id}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform accepted: the ids of the messages that one reply became (several when it was split)."""

    place_id: str
    message_ids: tuple[str, ...]
