"""The base of all argument types, and the plain ones: text, choice, whole number, yes or no, code."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Any, ClassVar

from core.errors import N_, BadInput
from core.ids import read_code
from core.text import clean

if TYPE_CHECKING:
    from core.operations.context import Context

_SHORT = 200  # characters: more than anything but free text needs
SUGGESTED = 25  # values at most that are suggested at once: what the platforms show
_YES = {"yes", "y", "true", "on", "1", "ja", "sure", "ok"}
_NO = {"no", "n", "false", "off", "0", "nein"}
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "once": 1, "twice": 2, "a couple": 2, "a dozen": 12, "dozen": 12, "single": 1}


class Field(ABC):
    """A type of argument. `about` says what to give, in words that fit after "Tell me"."""

    kind: ClassVar[str]

    def __init__(self, about: str) -> None:
        self.about = about

    def schema(self) -> dict[str, Any]:
        """JSON schema of the raw value, in OpenAI's strict subset."""
        return {"type": "string"}

    def read(self, raw: object) -> Any:
        """What was typed, as a value. Raises `BadInput` with what would be right."""
        return as_text(raw, self.about)

    def resolve(self, value: Any, context: Context) -> Any:
        """The thing that the value stands for, if the caller may know of it."""
        return value

    def freeze(self, value: Any) -> Any:
        """A JSON value which `read` and `resolve` turn into the same thing again."""
        return value

    def show(self, value: Any) -> str:
        """How people see the resolved value."""
        return str(value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """At most `SUGGESTED` (label, value) pairs for what is being typed, best first.

        Only what the audience may know of; `read` and `resolve` turn each value into exactly what its label says.
        """
        return []


def as_text(raw: object, about: str) -> str:
    """Typed text, cleaned. Numbers are taken as they would be typed."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a model writes 3.0 for 3
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise BadInput(N_("I could not read {about} from that."), about=about)
    if isinstance(raw, int) and abs(raw) >= 10**_SHORT:
        raise BadInput(N_("That number is too big for {about}."), about=about)
    text = clean(str(raw))
    if not text:
        raise BadInput(N_("Something is missing: {about}."), about=about)
    return text


def as_word(raw: object, about: str) -> str:
    """Typed text in one line, short enough to be repeated in an answer and to be compared with names."""
    text = " ".join(as_text(raw, about).split())
    if len(text) > _SHORT:
        raise BadInput(N_("That is too long for {about}."), about=about)
    return text


class Text(Field):
    """Free words within bounds, counted in characters."""

    kind = "text"

    def __init__(self, about: str, *, minimum: int = 1, maximum: int = 2000, line: bool = False) -> None:
        super().__init__(about)
        self.minimum = minimum
        self.maximum = maximum
        self.line = line

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        text = as_text(raw, self.about)
        if self.line:
            text = " ".join(text.split())
        if len(text) < self.minimum:
            raise BadInput(N_("That is a bit short for {about}."), about=self.about)
        if len(text) > self.maximum:
            raise BadInput(
                N_("That is {length} characters; {about} may have {maximum}. Could you shorten it?"),
                length=len(text),
                about=self.about,
                maximum=self.maximum,
            )
        return text


class Choice(Field):
    """One of a closed list of words. `also` maps other words that people use to one of the list."""

    kind = "choice"

    def __init__(self, about: str, options: tuple[str, ...], *, also: dict[str, str] | None = None) -> None:
        super().__init__(about)
        self.options = options
        self.also = also or {}

    def schema(self) -> dict[str, Any]:
        """See `Field.schema`."""
        return {"type": "string", "enum": list(self.options)}

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        word = as_word(raw, self.about).casefold()
        for candidate in (word, word.removesuffix("s"), word.replace(" ", "-")):
            found = candidate if candidate in self.options else self.also.get(candidate)
            if found:
                return found
        raise BadInput(
            N_("{word} is not something I know as {about}. It can be: {options}."),
            word=word,
            about=self.about,
            options=", ".join(self.options),
        )

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        fits = [word for word in self.options if part in word]
        return [(word, word) for word in sorted(fits, key=lambda w: not w.startswith(part))][:SUGGESTED]


class Whole(Field):
    """A whole number within bounds, in digits or as an English word up to twenty."""

    kind = "whole"

    def __init__(self, about: str, *, minimum: int = 1, maximum: int = 1000) -> None:
        super().__init__(about)
        self.minimum = minimum
        self.maximum = maximum

    def schema(self) -> dict[str, Any]:
        """See `Field.schema`."""
        return {"type": "integer"}

    def read(self, raw: object) -> int:
        """See `Field.read`."""
        text = as_word(raw, self.about).casefold()
        number = NUMBER_WORDS.get(text)
        if number is None:
            if not (text.isascii() and text.isdigit() and len(text) <= 9):
                raise BadInput(N_("{text} is not a whole number. I need {about}."), text=text, about=self.about)
            number = int(text)
        if not self.minimum <= number <= self.maximum:
            raise BadInput(
                N_("For {about} I can take {minimum} to {maximum}, not {number}."),
                about=self.about,
                minimum=self.minimum,
                maximum=self.maximum,
                number=number,
            )
        return number


class YesNo(Field):
    """Yes or no."""

    kind = "yesno"

    def schema(self) -> dict[str, Any]:
        """See `Field.schema`."""
        return {"type": "boolean"}

    def read(self, raw: object) -> bool:
        """See `Field.read`."""
        if isinstance(raw, bool):
            return raw
        word = as_word(raw, self.about).casefold()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise BadInput(N_("Please say yes or no for {about}."), about=self.about)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return "yes" if value else "no"

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        return [(word, word) for word in ("yes", "no") if word.startswith(typed.strip().casefold())]


class Code(Field):
    """A secret code such as KF3M-9TQ2-X7PD, however it was typed. Never shown again, never logged."""

    kind = "code"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        code = read_code(as_word(raw, self.about))
        if len(code) < 6:
            raise BadInput(N_("That does not look like {about}. It looks like KF3M-9TQ2-X7PD."), about=self.about)
        return code

    def show(self, value: Any) -> str:
        """See `Field.show`: the first group is enough to recognise it."""
        return f"{value[:4]}-…"


class Reference(Field):
    """Something that has a row: named by people in their words, frozen as `=<row id>`.

    A frozen reference is checked against what the caller may know of like any other, so it opens nothing.
    """

    kind = "reference"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        return as_word(raw, self.about)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return f"={value.id}"

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return str(value.name)


def frozen_id(value: str) -> int | None:
    """The row id in a frozen reference, or None for a name."""
    digits = value[1:]
    if not (value.startswith("=") and digits.isascii() and digits.isdigit() and len(digits) <= 19):
        return None
    number = int(digits)
    return number if number < 2**63 else None
