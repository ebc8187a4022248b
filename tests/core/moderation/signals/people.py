"""Messages and authors for the tests of signals."""

from core.moderation.signals.history import History
from core.moderation.signals.notice import notice
from core.moderation.signals.seen import Author, Message, Signal
from core.moderation.signals.settings import Settings

NOW = 1_800_000_000.0
OLD = Author("ana", NOW - 9e6, NOW - 9e7, 500)


def said(text: str, at: float = NOW, who: str = "ana", place: str = "hall", **more: int | bool) -> Message:
    """A message."""
    return Message(text, at, who, place, **more)  # type: ignore[arg-type]


def noticed(
    *messages: Message, author: Author | None = None, history: History | None = None, settings: Settings | None = None
) -> dict[str, Signal]:
    """What is noticed about the last of these messages, by name; everyone is well known unless an author is given."""
    history = history if history is not None else History()
    found: list[Signal] = []
    for message in messages:
        who = author or Author(message.author, OLD.joined_at, OLD.created_at, OLD.messages)
        found = notice(message, who, history, settings or Settings())
    return {one.name: one for one in found}
