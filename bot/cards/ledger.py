"""What is said once the books were worked out again, and the file in which they are handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.cards import files
from bot.words import Words
from core.errors import N_
from core.ledger.operations import Books, Verified
from core.ledger.proof.found import SAYS


def verified(result: Verified, words: Words) -> Reply:
    """One sentence; what is wrong below it, for those who decide about the money."""
    if not result.wrong:
        if not result.entries:
            return Reply(words(N_("There is nothing in the books of {nexus} yet."), nexus=result.nexus))
        said = N_("The books of {nexus} are right: I worked out all {count} entries again, and every balance fits.")
        if result.entries == 1:
            said = N_("The books of {nexus} are right: I worked out their one entry again, and every balance fits.")
        return Reply(words(said, nexus=result.nexus, count=f"{result.entries:,}"))
    if not result.problems:
        said = N_(
            "Something in the books of {nexus} does not fit. Please tell an owner or treasurer of it: "
            "I show them what it is when they ask me in our direct chat."
        )
        return Reply(words(said, nexus=result.nexus))
    lines = [words(SAYS[one.what], id=one.row_id, **dict(one.more)) for one in result.problems]
    if result.wrong > len(lines):
        lines.append(
            words(N_("And {count} more: “nexus verify” on the machine lists them."), count=result.wrong - len(lines))
        )
    return Reply(
        card=Card(
            title=words(N_("The books of {nexus} do not fit"), nexus=result.nexus),
            lines=tuple(lines),
            footer=words(N_("Please look into it before you pay anything. A back-up from before may help.")),
        )
    )


def books(result: Books, words: Words) -> Reply:
    """The file, packed if it is large; a kind word if it is larger than can be sent."""
    try:
        file = files.attached(result.file, result.media_type, result.content.encode("utf-8", "replace"))
    except files.TooLarge as error:
        return Reply(
            words(
                N_(
                    "That is a lot: {size} MB even when packed, and more than I can send ({limit} MB). Please ask for "
                    "a shorter time, such as “the books of last month”."
                ),
                size=error.megabytes,
                limit=files.LARGEST // files.MEGABYTE,
            )
        )
    return Reply(words(N_("Here are the books of {nexus}: {name}"), nexus=result.nexus, name=file.name), files=(file,))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {"ledger.verify": verified, "ledger.export": books}
