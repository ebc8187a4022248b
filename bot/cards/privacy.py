"""How it is shown what is kept about somebody, how it is handed out, and what is said once it is forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.cards import files
from bot.words import Words
from core.clock import show_day
from core.errors import N_
from core.privacy.copies import Copy
from core.privacy.data import Things
from core.privacy.operations import Exported, Forgotten, Kept
from core.rules.kinds import KINDS

_SEEN_BY = {
    "public": N_("anybody"),
    "member": N_("its members"),
    "sub-member": N_("members of what is inside it"),
    "ancestor-member": N_("members of what it is in"),
    "linked-member": N_("members of Nexuses linked to it"),
    "bridge": N_("programs that its members run for it"),
    "owner": N_("its owners"),
    "steward": N_("its stewards"),
    "treasurer": N_("its treasurers"),
    "moderator": N_("its moderators"),
    "guest": N_("its guests"),
}


def kept(result: Kept, words: Words) -> Reply:
    """What is kept, where, and who may see it; how to get all of it, and how to have it forgotten."""
    lines = [_things(one, words) for one in result.things]
    for one in result.belongs:
        lines.append(words(N_("You are {roles} of {nexus}."), roles=one.roles, nexus=one.name))
    if result.history:
        lines.append(
            words(N_("{count} lines of the history say what you did, with numbers and no words."), count=result.history)
        )
    lines += [words(line) for line in result.more]
    lines += _copies(result.copies, words)
    accounts = ", ".join(
        f"{a.name or a.username}{f' (@{a.username})' if a.username else ''} · {a.platform.capitalize()}"
        for a in result.accounts
    )
    return Reply(
        card=Card(
            title=words(N_("What I keep about you, {name}"), name=result.name),
            fields=((words(N_("Your accounts")), accounts),),
            lines=tuple(lines),
            footer=words(
                N_("“export my data” gives you all of it as a file; “forget me” or “forget my thoughts” deletes it.")
            ),
        )
    )


def _things(one: Things, words: Words) -> str:
    kind = KINDS[one.kind]
    what = words(kind.one if one.count == 1 else kind.many)
    seen = one.seen_by[:1] if "public" in one.seen_by else one.seen_by
    who = ", ".join(words(_SEEN_BY.get(name, name)) for name in seen)
    if kind.private:
        return words(N_("Your {count} {what}: you alone."), count=one.count, what=what)
    if not who:
        return words(N_("Your {count} {what} in {nexus}: you alone."), count=one.count, what=what, nexus=one.name)
    return words(N_("Your {count} {what} in {nexus}: {who}."), count=one.count, what=what, nexus=one.name, who=who)


def _copies(copies: tuple[Copy, ...], words: Words) -> list[str]:
    return [
        words(N_("All of this is also in a copy of the store, {name}, until {day}."), name=c.name, day=_day(c))
        for c in copies
    ]


def _day(copy: Copy) -> str:
    return show_day(copy.expires_at - 1)  # the day on whose end it goes


def exported(result: Exported, words: Words) -> Reply:
    """The file, packed if it is large; a kind word if it is larger than can be sent."""
    content = json.dumps(result.document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    try:
        file = files.attached(result.file, "application/json", content)
    except files.TooLarge as error:
        return Reply(
            words(
                N_(
                    "That is a lot: {size} MB even when packed, and more than I can send ({limit} MB). Whoever runs "
                    "this machine can hand it to you. Or have a part forgotten first, such as “forget our talk”."
                ),
                size=error.megabytes,
                limit=files.LARGEST // files.MEGABYTE,
            )
        )
    text = N_("Here is everything that I keep about you, as a file that you and programs can read: {name}")
    return Reply(words(text, name=file.name), files=(file,))


def forgotten(result: Forgotten, words: Words) -> Reply:
    """What is gone, and what nobody but others can delete."""
    if result.what == "everything":
        lines = [words(N_("Done. I know nothing about you any more. If you write to me again, you are new to me."))]
        if result.suspended:
            nexuses = ", ".join(result.suspended)
            lines.append(words(N_("You stay suspended in {nexuses}, should you come back."), nexuses=nexuses))
    elif result.what == "talk":
        lines = [words(N_("Done. I no longer know what we spoke of."))]
    elif result.count == 1:
        lines = [words(N_("Done. It is gone, with everything that repeated it."))]
    else:
        gone = N_("Done. {count} {kind} are gone, with everything that repeated them.")
        kind = KINDS.get(result.what)
        lines = [words(gone, count=result.count, kind=words(kind.many) if kind else result.what)]
    platforms = [name.capitalize() for name in result.platforms if name != "terminal"]
    if platforms:
        lines.append(
            words(N_("What stands in {platforms} itself you delete there."), platforms=" and ".join(platforms))
        )
    if result.copies:
        copies = ", ".join(words(N_("{name} until {day}"), name=c.name, day=_day(c)) for c in result.copies)
        lines.append(words(N_("Copies of the store still have it: {copies}."), copies=copies))
    return Reply("\n".join(lines))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {"my.data": kept, "my.export": exported, "my.forget": forgotten}
