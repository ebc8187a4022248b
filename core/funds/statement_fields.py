"""Argument types of statements: the text of one, and one of its lines."""

from __future__ import annotations

import unicodedata
from typing import Any

from core.access.books import decides_about_money
from core.access.names import several, unknown
from core.errors import N_, BadInput
from core.funds.statements import Kept, line_of, lines_of
from core.operations.context import Context
from core.operations.fields import Field, Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import fold

LONGEST = 150_000  # characters: a busy year of a bank


class Lines(Field):
    """A table as text, with its tabs and line breaks."""

    kind = "lines"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        if not isinstance(raw, str):
            raise BadInput(N_("I could not read {about} from that."), about=self.about)
        kept = (c for c in raw.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or c.isprintable())
        text = unicodedata.normalize("NFC", "".join(kept)).strip("\n")
        if not text.strip():
            raise BadInput(N_("Something is missing: {about}."), about=self.about)
        if len(text) > LONGEST:
            raise BadInput(
                N_("That is {length} characters, and I take {maximum} at once. Please give it to me in parts."),
                length=len(text),
                maximum=LONGEST,
            )
        return text

    def show(self, value: Any) -> str:
        """See `Field.show`: the first line is enough to recognise it."""
        return str(value).partition("\n")[0][:80]


class LineField(Reference):
    """A line of a statement: by its short name (#k7m2p) or by words in it."""

    kind = "record"

    def resolve(self, value: Any, context: Context) -> Kept:
        """See `Field.resolve`."""
        unit, me = context.unit, context.actor.person_id
        number = frozen_id(value)
        if number is not None:
            found = line_of(unit, number)
            if found is None or not decides_about_money(unit, me, found.nexus_id):
                raise unknown(_WORDS, value, [])
            return found
        if not decides_about_money(unit, me, context.nexus_id):
            raise unknown(_WORDS, value, [])
        known = lines_of(unit, context.nexus_id)
        bare = fold(value.strip("\"'“” "))
        fits = [one for one in known if one.handle == bare.lstrip("#")]
        fits = fits or [one for one in known if one.state == "open" and len(bare) >= 3 and bare in fold(one.words)]
        if not fits:
            raise unknown(_WORDS, value, [])
        if len(fits) > 1:
            raise several(f"#{one.handle} {one.amount} {one.name}" for one in fits)
        return fits[0]

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return f"{value.amount} “{value.name}”"

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        if not decides_about_money(context.unit, context.actor.person_id, context.nexus_id):
            return []
        part = fold(typed.strip().removeprefix("#"))
        known = [one for one in lines_of(context.unit, context.nexus_id) if one.state == "open"]
        labels = [(f"{one.amount} {one.name} (#{one.handle})"[:95], one) for one in known]
        return [(label, f"={one.id}") for label, one in labels if part in fold(label)][:SUGGESTED]


_WORDS = N_("I find no line of a statement here that fits “{name}”.")
