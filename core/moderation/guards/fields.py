"""Which rule somebody means: one that every Nexus has, or one that this Nexus or one above made for itself."""

from __future__ import annotations

from typing import Any

from core.errors import N_, BadInput
from core.moderation.guards import modes
from core.moderation.own.kept import own_rules
from core.operations.context import Context
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, as_word

ALL = "all"


class RuleField(Reference):
    """A rule by its name. `several`: "all" is an answer as well."""

    kind = "rule"

    def __init__(self, about: str, *, several: bool = False) -> None:
        super().__init__(about)
        # What is recognised in a sentence, whatever rules a Nexus has made.
        self.options = (ALL, *modes.RULES) if several else modes.RULES
        self.also = {"links": "bad link", "mentions": "mention bomb"}
        if several:
            self.also |= {"everything": ALL, "rules": ALL, "moderation": ALL}

    def read(self, raw: object) -> str:
        """See `Field.read`. What it is called, in small letters."""
        word = " ".join(as_word(raw, self.about).casefold().strip("“”\"'‘’").split())
        word = word.removeprefix("the ").removesuffix(" rule").strip() or word
        for candidate in (word, word.removesuffix("s")):
            if candidate in self.options:
                return candidate
        return word

    def resolve(self, value: Any, context: Context) -> str:
        """See `Field.resolve`. One's own rule comes before another word for one of those that every Nexus has."""
        own = own_rules(context.unit, context.nexus_id)
        if value in self.options or value in own:
            return str(value)
        found = self.also.get(value)
        if found is not None:
            return found
        raise BadInput(
            N_("I know no rule called “{name}” here. There is: {rules}."),
            name=value,
            rules=", ".join([*modes.RULES, *own]),
        )

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return str(value)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return str(value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        fits = [name for name in (*own_rules(context.unit, context.nexus_id), *self.options) if part in name]
        return [(name, name) for name in sorted(fits, key=lambda name: not name.startswith(part))][:SUGGESTED]
