"""Argument types for rules of a Nexus's own: the whole sentence, and what is to be done alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import N_, BadInput
from core.moderation.own.describe import deed_of, looks_of
from core.moderation.own.kept import as_spec, from_spec
from core.moderation.own.looks import check_look
from core.moderation.own.sentence import MOST_LOOKS, MOST_POINTS, POINTS, TIMED, Said, read_deed, read_rule
from core.moderation.signals.own import BOUNDS, OFTEN, OFTEN_WITHIN, WITH_WORDS, Own
from core.operations.context import Context
from core.operations.fields import Field
from core.operations.fields.base import as_text

LONGEST = 1200  # characters: the longest that is said back of a rule


class OrderField(Field):
    """A rule in a sentence: "delete messages with 'free nitro' from newcomers". What is wrong with it, `resolve` says:
    so a sentence that is not clear yet is still known to be one."""

    kind = "order"

    def read(self, raw: object) -> Said:
        """See `Field.read`."""
        if isinstance(raw, Mapping):
            return _thawed(raw, self.about)
        text = as_text(raw, self.about)
        if len(text) > LONGEST:
            raise BadInput(N_("That is too long for {about}."), about=self.about)
        return read_rule(text)

    def resolve(self, value: Any, context: Context) -> Said:
        """See `Field.resolve`."""
        return _clear(value)

    def freeze(self, value: Any) -> dict[str, Any]:
        """See `Field.freeze`."""
        own = Own(value.groups, value.action, value.seconds, value.points, value.times, value.within)
        return as_spec(own) | {"name": value.name}

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return looks_of(Own(value.groups, "note", times=value.times, within=value.within))


class DeedField(Field):
    """What a rule does: "delete", "time out for 2h", "ban for 7 days, 3 points"."""

    kind = "deed"

    def read(self, raw: object) -> Said:
        """See `Field.read`."""
        said = _clear(read_deed(as_text(raw, self.about)))
        if not said.action:
            raise BadInput(N_("I could not read {about} from that."), about=self.about)
        return said

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        length = f" for {value.seconds} seconds" if value.seconds else ""
        points = "" if value.points is None else f", {value.points} points"
        return f"{_WORDS[value.action]}{length}{points}"

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return deed_of(Own((), value.action, value.seconds)).removesuffix(" for messages").removesuffix(" messages")


_WORDS = {"note": "ask us", "delete": "delete", "warn": "warn", "timeout": "time out", "kick": "kick", "ban": "ban"}


def _clear(said: Said) -> Said:
    if said.problem is not None:
        raise BadInput(said.problem.template, **dict(said.problem.data))
    return said


def _thawed(raw: Mapping[Any, Any], about: str) -> Said:
    """What `OrderField.freeze` made, looked at like anything that comes from outside."""
    try:
        own = from_spec(raw)
        sound = _sound(own) and isinstance(raw["name"], str)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise BadInput(N_("I could not read {about} from that."), about=about)
    return Said(own.groups, own.action, own.seconds, own.points, own.times, own.within, raw["name"])


def _sound(own: Own) -> bool:
    looks = [look for group in own.groups for look in group]
    whole = [own.times, own.within, *(look.least for look in looks), *(look.seconds for look in looks)]
    numbers = [one for one in (own.seconds, own.points) if one is not None]
    return (
        all(own.groups)
        and 0 < len(looks) <= MOST_LOOKS
        and all(isinstance(one, int) and not isinstance(one, bool) for one in (*whole, *numbers))
        and all(look.what in BOUNDS and isinstance(look.every, bool) for look in looks)
        and all(bool(look.words) == (look.what in WITH_WORDS) for look in looks)
        and all(isinstance(word, str) for look in looks for word in look.words)
        and all(check_look(look) is None for look in looks)
        and (own.action in POINTS or own.action == "")
        and (own.points is None or 0 <= own.points <= MOST_POINTS)
        and (
            own.seconds is None
            or own.action not in TIMED
            or TIMED[own.action][0] <= own.seconds <= TIMED[own.action][1]
        )
        and (own.times == 1 or (OFTEN[0] <= own.times <= OFTEN[1] and OFTEN_WITHIN[0] <= own.within <= OFTEN_WITHIN[1]))
    )
