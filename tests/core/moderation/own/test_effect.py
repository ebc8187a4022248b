"""What a rule of a Nexus's own meets is what a plain reading of it says, message by message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.moderation.own.sentence import read_rule
from core.moderation.signals.defaults import hits
from core.moderation.signals.history import History
from core.moderation.signals.notice import notice, signals
from core.moderation.signals.own import Compiled, Look, Own, signal_of
from core.moderation.signals.seen import Author, Message
from core.moderation.signals.settings import Settings

NOW = 1_800_000_000.0
DAY = 86_400
TEXTS = (
    "hello there, how is everybody doing today?",
    "get your free nitro here",
    "a kraken and a steam gift",
    "see https://github.com/parser and tell me",
    "look at https://bit.ly/abc please",
    "ALL OF THIS IS WRITTEN IN CAPITAL LETTERS",
    "come to https://discord.gg/abcdef everybody",
    "ok",
)
PEOPLE = ("ana", "ben", "tim")


@dataclass(frozen=True)
class Line:
    """A message of a stream: how long after the one before (seconds), who, which text, and the rest of it."""

    after: int
    who: str
    text: str
    mentions: int = 0
    everyone: bool = False
    files: int = 0
    forwarded: bool = False


LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from((1, 5, 29, 61, 700, 4000)),
        st.sampled_from(PEOPLE),
        st.sampled_from(TEXTS),
        st.sampled_from((0, 0, 1, 5)),
        st.booleans(),
        st.sampled_from((0, 0, 1, 3)),
        st.booleans(),
    ),
    max_size=20,
)
LOOKS = (
    Look("words", words=("free nitro", "kraken")),
    Look("words", words=("kraken", "steam gift"), every=True),
    Look("pattern", words=(r"free\s+n\w+",)),
    Look("link"),
    Look("link to", words=("bit.ly",)),
    Look("link but", words=("github.com",)),
    Look("invite"),
    Look("mentions", 5),
    Look("mentions", 6),
    Look("everyone"),
    Look("caps", 67),
    Look("repeat", 2, 600),
    Look("repeat", 3, DAY),
    Look("flood", 2, 30),
    Look("flood", 4, 600),
    Look("crowd", 2),
    Look("files", 1),
    Look("files", 2),
    Look("forwarded"),
    Look("length", 30),
    Look("first", 1),
    Look("first", 3),
    Look("joined", 0, 600),
    Look("joined", 0, DAY),
    Look("made", 0, 7 * DAY),
    Look("newcomer"),
)
CAME = {"ana": None, "ben": NOW - 300.0, "tim": NOW - 40 * DAY}
MADE = {"ana": None, "ben": NOW - 3 * DAY, "tim": NOW - 400 * DAY}


@dataclass(frozen=True)
class Past:
    """The reference: a message, with all that came before it."""

    line: Line
    at: float
    before: Sequence[tuple[float, Line]]

    def mine(self, seconds: float) -> list[tuple[float, Line]]:
        """The author's own before it, in so many seconds."""
        return [(at, line) for at, line in self.before if line.who == self.line.who and at >= self.at - seconds]


def found(look: Look, past: Past) -> bool:
    """What the words of a rule say, read plainly."""
    line, text = past.line, past.line.text
    written = len(past.mine(10**9))
    link = "https://" in text
    match look.what:
        case "words":
            there = [word in text for word in look.words]
            return all(there) if look.every else any(there)
        case "pattern":
            return re.search(look.words[0], text) is not None
        case "link":
            return link
        case "link to":
            return look.words[0] in text
        case "link but":
            return link and look.words[0] not in text
        case "invite":
            return "discord.gg" in text
        case "mentions":
            return line.mentions > 0 and line.mentions + sum(one.mentions for _, one in past.mine(60)) >= look.least
        case "everyone":
            return line.everyone
        case "caps":
            return text.isupper()
        case "repeat":
            return 1 + sum(one.text == text for _, one in past.mine(look.seconds)) >= look.least
        case "flood":
            return 1 + len(past.mine(look.seconds)) >= look.least
        case "crowd":
            same = {one.who for at, one in past.before if one.text == text and at >= past.at - 600} | {line.who}
            return text != "ok" and len(same) >= look.least
        case "files":
            return line.files >= look.least
        case "forwarded":
            return line.forwarded
        case "length":
            return len(text) >= look.least
        case "first":
            return written < look.least
        case "joined" | "made":
            since = (CAME if look.what == "joined" else MADE)[line.who]
            return since is not None and past.at - since < look.seconds
        case "newcomer":
            came, made = CAME[line.who], MADE[line.who]
            new = (came is not None and past.at - came < DAY) or (made is not None and past.at - made < 7 * DAY)
            return new or written < 5
    raise AssertionError(look)


def naive(own: Own, lines: Sequence[Line]) -> list[bool]:
    """Which of the messages a rule meets, by keeping everything and counting it out each time."""
    at, before, met = NOW, [], []  # type: float, list[tuple[float, Line]], list[bool]
    like_that: list[tuple[float, str]] = []
    for line in lines:
        at += line.after
        like = all(any(found(look, Past(line, at, before)) for look in group) for group in own.groups)
        if like:
            like_that.append((at, line.who))
        often = sum(who == line.who and then >= at - own.within for then, who in like_that)
        met.append(like and often >= own.times)
        before.append((at, line))
    return met


def replayed(own: Own, lines: Sequence[Line]) -> list[bool]:
    """The same by the signals, as every message is looked at when it comes."""
    history, given = History(), Settings(own={"ours": Compiled.of("1", own)})
    rules = {"ours": {"says": "", "when": [{signal_of("ours"): 1.0}], "action": "note", "seconds": None, "points": 0}}
    at, met, written = NOW, [], dict.fromkeys(PEOPLE, 0)
    for line in lines:
        at += line.after
        message = Message(line.text, at, line.who, "hall", line.mentions, line.everyone, line.files, line.forwarded)
        author = Author(line.who, CAME[line.who], MADE[line.who], written[line.who])
        looked = hits(rules, signals(message, author, history, given))  # type: ignore[arg-type]
        noticed = hits(rules, notice(message, author, history, given))  # type: ignore[arg-type]
        assert looked == noticed, "a look without remembering finds the same"
        met.append(noticed == ["ours"])
        written[line.who] += 1
    return met


OWN = st.builds(
    lambda groups, often: Own(tuple(map(tuple, groups)), "note", times=often[0], within=often[1]),
    st.lists(st.lists(st.sampled_from(LOOKS), min_size=1, max_size=2, unique=True), min_size=1, max_size=2),
    st.sampled_from(((1, 0), (1, 0), (2, 600), (3, DAY))),
)


@settings(max_examples=40, deadline=None)
@given(OWN, LINES)
def test_a_rule_meets_what_it_says(own: Own, lines: list[Line]) -> None:
    assert replayed(own, lines) == naive(own, lines)


@pytest.mark.parametrize("look", LOOKS, ids=repr)
def test_every_thing_is_found_and_not_found(look: Look) -> None:
    """So that the comparison above compares something."""
    lines = [
        Line(1, "ben", TEXTS[1], 5, True, 3, True),
        Line(1, "ben", TEXTS[2], 5),
        Line(1, "ben", TEXTS[1]),
        Line(1, "tim", TEXTS[1]),
        *(Line(1, "ben", text) for text in TEXTS),
        Line(1, "ben", TEXTS[0]),
        *(Line(5000, "tim", TEXTS[7]) for _ in range(6)),
    ]
    own = Own(((look,),), "note")
    assert replayed(own, lines) == naive(own, lines)
    assert set(naive(own, lines)) == {True, False}


@pytest.mark.parametrize("text", ["get your fr3e n1tro", "FREE NITRO!!", "f r e e  n i t r o", "frее nitro"])
def test_words_are_found_in_disguise(text: str) -> None:
    said = read_rule("delete messages with 'free nitro'")
    assert replayed(Own(said.groups, "delete"), [Line(1, "ana", text)]) == [True]


def test_who_was_seen_to_arrive_joined_then() -> None:
    """Where the platform does not tell (Telegram), it is known of those whose arrival was seen."""
    history, own = History(), Own(((Look("joined", 0, 600),),), "note")
    given = Settings(own={"ours": Compiled.of("1", own, "a message from somebody who has just come")})
    history.join("ana", NOW)

    def met(who: str, at: float) -> bool:
        found = signals(Message("hello", at, who, "hall"), Author(who, messages=9), history, given)
        return any(one.name == signal_of("ours") for one in found)

    assert (met("ana", NOW + 599), met("ana", NOW + 600), met("tim", NOW + 1)) == (True, False, False)


def test_of_the_protected_nothing_is_found() -> None:
    given = Settings(own={"ours": Compiled.of("1", Own(((Look("link"),),), "note"))})
    message = Message("https://bit.ly/abc", NOW, "ana", "hall")
    assert notice(message, Author("ana", protected=True), History(), given) == []


def test_a_changed_rule_counts_from_the_start() -> None:
    """What is wanted several times is counted for the rule as it is, not for one of the same name before."""
    own = Own(((Look("link"),),), "note", times=2, within=600)
    history, message = History(), Message("https://bit.ly/abc", NOW, "ana", "hall")
    for key, met in (("1", False), ("2", False), ("2", True)):
        found = notice(message, Author("ana"), history, Settings(own={"ours": Compiled.of(key, own)}))
        assert any(one.name == signal_of("ours") for one in found) is met
