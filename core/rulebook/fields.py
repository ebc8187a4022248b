"""Argument types for rules: a whole sentence, or kinds, people and actions one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.access.records import Record, record_heard
from core.errors import N_, BadInput, NexusError, NotAllowed, NotFound
from core.operations.context import Context
from core.operations.fields import Choice, Field, read_until
from core.operations.fields.base import as_text, as_word
from core.rulebook.describe import VERBS, WHO, kinds_in_words, listing, rule_in_words
from core.rulebook.phrases import THOUGHT
from core.rulebook.sentence import Part, Said, Several, read_sentence, read_several
from core.rules.kinds import KINDS, SHARED
from core.rules.words import ANY, AUDIENCES, Action, Effect, Scope

_LONGEST = 500
ALONE = N_("Thoughts are always their author's alone; no rule changes that.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sentence about rules, with the moment at which they end (None: without end)."""

    said: Said
    not_after: int | None = None


class SentenceField(Field):
    """Rules in a sentence: "members may see needs, the public only counts"."""

    kind = "sentence"

    def read(self, raw: object) -> Said | Wanted:
        """See `Field.read`."""
        if isinstance(raw, Mapping):
            return _thawed(raw, self.about)
        text = as_text(raw, self.about)
        if len(text) > _LONGEST:
            raise BadInput(N_("That is too long for {about}."), about=self.about)
        return read_sentence(text)

    def resolve(self, value: Any, context: Context) -> Wanted:
        """See `Field.resolve`."""
        if isinstance(value, Wanted):
            return value
        if value.unclear:
            raise BadInput(
                N_("I did not understand “{words}” in that rule. Could you say it in other words?"), words=value.unclear
            )
        if any(part.kind == THOUGHT for part in value.parts):
            raise NotAllowed(ALONE, code="private_kind")
        return Wanted(value, read_until(value.until, context.now) if value.until else None)

    def freeze(self, value: Any) -> dict[str, Any]:
        """See `Field.freeze`."""
        said = value.said
        return {
            "parts": [[p.kind, p.audience, p.actions, str(p.effect)] for p in said.parts],
            "scope": said.scope and str(said.scope),
            "locked": said.locked,
            "place": said.place,
            "not_after": value.not_after,
        }

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return "; ".join(
            rule_in_words([part.audience], [part.kind or ANY], part.actions, part.effect) for part in value.said.parts
        )


def _thawed(raw: Mapping[Any, Any], about: str) -> Wanted:
    """What `SentenceField.freeze` made, looked at like anything that comes from outside."""
    try:
        parts = tuple(Part(*one) for one in raw["parts"])
        sound = all(
            (part.kind in ("", ANY) or part.kind in SHARED)
            and part.audience in AUDIENCES
            and part.effect in (Effect.PERMIT, Effect.DENY)
            and isinstance(part.actions, int)
            and 0 < part.actions < 1 << len(Action)
            for part in parts
        )
        scope, not_after = raw["scope"], raw["not_after"]
        sound = sound and bool(parts) and scope in (None, *Scope) and (not_after is None or isinstance(not_after, int))
        said = Said(parts, scope, bool(raw["locked"]), place=str(raw["place"]))
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise BadInput(N_("I could not read {about} from that."), about=about)
    return Wanted(said, not_after)


class SeveralField(Field):
    """Several words of one closed list: kinds ("needs and offers"), people ("members") or actions ("see, count")."""

    kind = "several"

    def __init__(self, about: str, of: str) -> None:
        super().__init__(about)
        self.of = of

    def read(self, raw: object) -> Several:
        """See `Field.read`."""
        word = as_word(raw, self.about)
        found = read_several(word, self.of)
        if found is None:
            raise BadInput(
                N_("{word} is not something I know as {about}. It can be: {options}."),
                word=word,
                about=self.about,
                options=", ".join(_OPTIONS[self.of]),
            )
        return found

    def resolve(self, value: Any, context: Context) -> Several:
        """See `Field.resolve`."""
        if THOUGHT in value.names:
            raise NotAllowed(ALONE, code="private_kind")
        found: Several = value
        return found

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        words = ", ".join(_TYPED[self.of][name] for name in value.names)
        return f"only {words}" if value.only else words

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        if self.of == "kind":
            return kinds_in_words(value.names)
        said = listing([(WHO[n] if self.of == "audience" else VERBS[Action[n.upper()]]) for n in value.names])
        return N_("only {what}").format(what=said) if value.only else said


_TYPED: dict[str, dict[str, str]] = {
    "kind": {ANY: "everything"} | {name: f"{name}s" for name in KINDS},
    "audience": {
        "public": "the public",
        "member": "members",
        "sub-member": "members below",
        "ancestor-member": "members above",
        "linked-member": "linked nexuses",
        "bridge": "programs",
    }
    | {name: f"{name}s" for name in AUDIENCES[6:]},
    "actions": {"see": "see", "quote": "repeat", "aggregate": "count", "derive": "build on", "export": "take along"},
}
_OPTIONS = {
    of: [typed for name, typed in words.items() if not (of == "kind" and name == THOUGHT)]
    for of, words in _TYPED.items()
}


class PickedField(Choice):
    """A choice that commands and models give; in talk, the sentence itself says it."""

    kind = "picked"


class AboutField(Field):
    """What a question "why" is about: something by its short name (#k7m2p), or a kind of things."""

    kind = "record"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Context) -> Record | tuple[str, ...] | None:
        """The thing, if whoever asks may see it; or kinds; None for "this", which stands for whatever is here."""
        if value.casefold().strip("?!. ") in _THIS:
            return None
        try:
            found = read_several(value, "kind")
        except NexusError:
            found = None
        if found is not None:
            return SHARED if ANY in found.names else found.names
        record = record_heard(context.unit, context.audience, value)
        if record is None:
            raise NotFound(N_("I know nothing called {name} that you can see."), name=value)
        return record

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        if value is None:
            return ""
        return kinds_in_words(value) if isinstance(value, tuple) else f"#{value.handle}"


_THIS = frozenset({"this", "it", "that", "these", "those", "them", "things", "here", "what is here", "this one"})
