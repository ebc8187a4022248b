"""Ban lists, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words
from core.errors import N_
from core.moderation.lists.follow_operations import ListFollowed, ListLeft
from core.moderation.lists.operations import BanLists, FollowedLine, ListBan, SharedLine
from core.moderation.lists.share_operations import ListShared, ListTaken
from core.moderation.lists.words import of_them_are, people, people_are

_MAY = {
    "shadow": N_("counts in shadow"),
    "ask": N_("asks moderators"),
    "act": N_("acts"),
}
_FOLLOWED = {
    "shadow": N_(
        "{nexus} follows the ban list of {source}: I count who of it is here, and nothing happens to anybody."
    ),
    "ask": N_("{nexus} follows the ban list of {source}: I ask your moderators about everybody of it who is here."),
    "act": N_("{nexus} follows the ban list of {source}: I ban everybody of it who is here, and tell your moderators."),
}
_NOTHING = N_(
    "{nexus} follows no ban list and shares none. A steward can share it (“share our ban list with …”) or follow "
    "another (“follow the ban list of …”)."
)


def shared(result: ListShared, words: Words) -> Reply:
    """Who may follow from now on."""
    what = words(N_("with your reasons")) if result.reasons else words(N_("without your reasons"))
    text = words(
        N_("{reader} may follow the ban list of {nexus} now, {what}. It has {people} on it."),
        reader=words(result.reader),
        nexus=result.nexus,
        what=what,
        people=people(result.count),
    )
    return Reply(text[0].upper() + text[1:])


def taken(result: ListTaken, words: Words) -> Reply:
    """Who may follow no more."""
    reader = words(result.reader) if result.reader else words(N_("anybody"))
    template = N_("The ban list of {nexus} is not shared with {reader} any more.")
    text = words(template, nexus=result.nexus, reader=reader)
    if result.followers:
        text += " " + words(N_("The moderators who followed it are told."))
    return Reply(text)


def followed(result: ListFollowed, words: Words) -> Reply:
    """A list that is followed."""
    text = words(_FOLLOWED[result.mode], nexus=result.nexus, source=result.source)
    some = words(N_("It has {people} on it; {some} here."), people=people(result.count), some=of_them_are(result.here))
    return Reply(f"{text} {some}")


def left(result: ListLeft, words: Words) -> Reply:
    """A list that is followed no more, and what became of its bans."""
    text = words(N_("{nexus} does not follow the ban list of {source} any more."), **_names(result))
    if result.lifted:
        text += " " + words(N_("I let back in whom it kept out: {people}."), people=people(result.lifted))
    if result.kept:
        text += " " + words(N_("Here {some} still banned because of it."), some=people_are(result.kept))
    return Reply(text)


def _names(result: ListLeft) -> dict[str, str]:
    return {"nexus": result.nexus, "source": result.source}


def decided(result: ListBan, words: Words) -> Reply:
    """Somebody of a list was banned, or let back in."""
    template = (
        N_("Done, as case {number}: {name} is banned, as on the list of {source}.")
        if result.kind == "ban"
        else N_("Done, as case {number}: {name} may come back.")
    )
    return Reply(words(template, number=result.number, name=result.name, source=result.source))


def _followed_line(line: FollowedLine, words: Words) -> str:
    found = words(N_("met nobody yet"))
    if line.people:
        names = ", ".join(line.people) + (words(N_(" and {count} more"), count=line.more) if line.more else "")
        found = words(N_("met {names}"), names=names)
    back = words(N_(" (it was wrong too often)")) if line.fell_back else ""
    banned = words(N_("; because of it {some} banned"), some=people_are(line.banned)) if line.banned else ""
    judged = ""
    if line.right or line.wrong:
        judged = words(N_("; {right} right, {wrong} wrong"), right=line.right, wrong=line.wrong)
    said = words(N_("{source}: {people} on it"), source=line.source, people=people(line.on_it))
    return f"{said}, {words(_MAY[line.mode])}{back}, {found}{banned}{judged}"


def _shared_line(line: SharedLine, words: Words) -> str:
    return words(line.reader) + (words(N_(" (with reasons)")) if line.reasons else "")


def lists(result: BanLists, words: Words) -> Reply:
    """How it stands with ban lists."""
    lines = [_followed_line(one, words) for one in result.followed]
    if result.offered:
        lines.append(words(N_("You could follow: {names}."), names=", ".join(result.offered)))
    if not result.shared and not lines:
        return Reply(words(_NOTHING, nexus=result.nexus))
    own = words(N_("Its own has {people} on it and is shared with nobody."), people=people(result.own))
    if result.shared:
        readers = ", ".join(_shared_line(one, words) for one in result.shared)
        template = N_("Its own has {people} on it and is shared with {readers}.")
        own = words(template, people=people(result.own), readers=readers)
    text = own if result.followed else own + " " + words(N_("It follows no other."))
    return Reply(card=Card(title=words(N_("Ban lists of {nexus}"), nexus=result.nexus), text=text, lines=tuple(lines)))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "banlist.show": lists,
    "banlist.ban": decided,
    "banlist.release": decided,
    "banlist.lift": left,
    "banlist.share": shared,
    "banlist.stop": taken,
    "banlist.follow": followed,
    "banlist.unfollow": left,
}
