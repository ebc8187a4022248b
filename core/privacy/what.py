"""The argument of forgetting: everything, our talk, one kind, or one thing by its short name."""

from __future__ import annotations

import re

from core.errors import N_, BadInput
from core.operations.fields import Text
from core.operations.fields.base import as_word
from core.rules.kinds import KINDS, RECORDS

EVERYTHING, TALK = "everything", "talk"
_HANDLE = re.compile(r"#?([0-9a-hjkmnp-tv-z]{5})|#(\w{1,20})")
_ALSO = {
    EVERYTHING: "all me myself data account accounts profile person things stuff it all of it it all the lot anything",
    TALK: "talks conversation conversations chat chats chatting messages message discussion discussions memory",
    "thought": "note notes idea ideas",
    "need": "request requests",
    "fact": "facts profile facts",
}
_PHRASES = {
    "all of it": EVERYTHING,
    "it all": EVERYTHING,
    "everything about me": EVERYTHING,
    "everything you know about me": EVERYTHING,
    "all about me": EVERYTHING,
    "all data": EVERYTHING,
    "about me": EVERYTHING,
    "what we said": TALK,
    "what i said": TALK,
    "what we talked about": TALK,
    "chat history": TALK,
    "talk history": TALK,
}
_BEFORE = re.compile(r"^(?:all (?:of )?|every |the |my |our |your |of )+")
_READ = {word: what for what, words in _ALSO.items() for word in words.split() if word not in ("of", "the")}
_READ |= {EVERYTHING: EVERYTHING, TALK: TALK} | _PHRASES
for _kind in (KINDS[name] for name in RECORDS):
    _READ |= {_kind.name: _kind.name, f"{_kind.name}s": _kind.name, _kind.many: _kind.name}


class What(Text):
    """What is to be forgotten, as one word: `everything`, `talk`, a kind, or a short name with its #."""

    def __init__(self, about: str) -> None:
        super().__init__(about, maximum=80, line=True)

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        text = as_word(raw, self.about).casefold().strip(" .!?“”\"'")
        for words in (text, _BEFORE.sub("", text)):
            if words in _READ:
                return _READ[words]
        handle = _HANDLE.fullmatch(_BEFORE.sub("", text))
        if handle is not None and (text.startswith("#") or any(c.isdigit() for c in text)):
            return f"#{handle[1] or handle[2]}"
        raise BadInput(
            N_(
                "I can forget everything, our talk, all your thoughts, needs, offers or facts, or one thing by its "
                "short name, such as #k7m2p. Which of these?"
            )
        )

    def suggest(self, typed: str, context: object) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        words = [EVERYTHING, TALK, *(f"{name}s" for name in RECORDS)]
        return [(word, word) for word in words if word.startswith(part)]
