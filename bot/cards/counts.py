"""Numbers of people, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Reply
from bot.words import Words
from core.counts.operations import Count
from core.errors import N_

_MANY = {
    "need": (N_("{number} people need {about}{where}{since}."), N_("{number} people need something{where}{since}.")),
    "offer": (N_("{number} people offer {about}{where}{since}."), N_("{number} people offer something{where}{since}.")),
    "fact": (
        N_("{number} people say of themselves “{about}”{where}{since}."),
        N_("{number} people say something about themselves{where}{since}."),
    ),
}
# The same words whether they are none or four; others may not want to be counted, so it is not the whole truth.
_FEW = {
    "need": (
        N_("Fewer than 5 people need {about}{where}{since}, as far as I may say."),
        N_("Fewer than 5 people need something{where}{since}, as far as I may say."),
    ),
    "offer": (
        N_("Fewer than 5 people offer {about}{where}{since}, as far as I may say."),
        N_("Fewer than 5 people offer something{where}{since}, as far as I may say."),
    ),
    "fact": (
        N_("Fewer than 5 people say of themselves “{about}”{where}{since}, as far as I may say."),
        N_("Fewer than 5 people say something about themselves{where}{since}, as far as I may say."),
    ),
}


def count(result: Count, words: Words) -> Reply:
    """One sentence with a number, or that they are too few for one."""
    templates = _MANY if result.number else _FEW
    about, anything = templates.get(result.kind, templates["fact"])
    inside = N_(" in {nexus} and what is inside it")
    return Reply(
        words(
            about if result.about else anything,
            number=result.number,
            about=result.about,
            where=words(inside if result.inside else N_(" in {nexus}"), nexus=result.where),
            since=f" {words(result.since)}" if result.since else "",
        )
    )


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {"people.count": count}
