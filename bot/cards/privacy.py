"""How it is shown what is kept about somebody, how it is handed out, and what is said once it is forgotten."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from adapters.contract import Card, File, Reply
from bot.words import Words
from core.clock import show_day
from core.errors import N_
from core.privacy.copies import Copy
from core.privacy.data import Things
from core.privacy.operations import Exported, Forgotten, Kept
from core.rules.kinds import KINDS

MEGABYTE = 1 << 20
ZIPPED_FROM = MEGABYTE  # bytes from which on the file is packed
LARGEST = 8 * MEGABYTE  # what every platform takes, and an answer on its way may hold
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
    name, media_type = result.file, "application/json"
    if len(content) > ZIPPED_FROM:
        content, name, media_type = _packed(result.file, content), f"{result.file}.zip", "application/zip"
    if len(content) > LARGEST:
        return Reply(
            words(
                N_(
                    "That is a lot: {size} MB even when packed, and more than I can send ({limit} MB). Whoever runs "
                    "this machine can hand it to you. Or have a part forgotten first, such as “forget our talk”."
                ),
                size=f"{len(content) / MEGABYTE:.1f}",
                limit=LARGEST // MEGABYTE,
            )
        )
    text = words(
        N_("Here is everything that I keep about you, as a file that you and programs can read: {name}"), name=name
    )
    return Reply(text, files=(File(name, media_type, content=base64.b64encode(content).decode("ascii")),))


def _packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, content)
    return out.getvalue()


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
