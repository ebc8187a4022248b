"""Streams of messages to replay rules against: ordinary chat with its real timing, and attacks that are generated.

Everything is deterministic: the same seed gives the same stream. The ordinary streams come with hashes instead of
texts; each hash gets a text of ordinary talk and a few letters of its own, so that equal texts stay equal.
The sentences of the attacks were written for this project and are in no training data.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.moderation.classify.disguises import some_homoglyphs, some_leet, zero_width
from core.moderation.classify.examples import spam_texts, table
from core.moderation.signals.seen import Author, Message

START = 1_800_000_000.0
DAY = 86_400.0
BAD = ("discord-gifts.example", "steamcommunlty.example", "claim-drop.example")  # known bad, in the attacks


@dataclass(frozen=True, slots=True)
class Event:
    """A message with its author, or, without a message, an arrival."""

    author: Author
    message: Message | None
    at: float


@dataclass(frozen=True, slots=True)
class Attack:
    """A generated attack: its events in order; everybody in it is to be caught."""

    kind: str
    events: tuple[Event, ...]


@lru_cache(maxsize=1)
def _talk() -> list[str]:
    return [one.text for one in spam_texts() if one.label == "ham" and one.source.startswith("irc")]


def ordinary(*, newcomers: bool = False, spread: bool = False) -> Iterator[tuple[str, list[Event]]]:
    """The streams of ordinary chat by name. With `newcomers` everybody counts as arrived when they first write, which
    is the hardest assumption; with `spread` messages of times known to the minute are spread over it."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in table("streams_benign.csv.xz"):
        rows.setdefault(row["stream"], []).append(row)
    for name, lines in rows.items():
        events = []
        first: dict[str, float] = {}
        count: dict[str, int] = {}
        in_minute: dict[str, int] = {}
        for row in lines:
            in_minute[row["t"]] = in_minute.get(row["t"], 0) + 1
        placed: dict[str, int] = {}
        for number, row in enumerate(lines):
            at = float(row["t"])
            if spread and row["has_seconds"] != "True":
                placed[row["t"]] = placed.get(row["t"], 0) + 1
                at += 60 * placed[row["t"]] / (in_minute[row["t"]] + 1)
            who = row["user"]
            joined = first.setdefault(who, at) if newcomers else None
            seen = count.get(who, 0)
            count[who] = seen + 1
            message = Message(_said(row), at, who, name, mentions=int(row["mentions"]), id=str(number))
            events.append(Event(Author(who, joined_at=joined, messages=seen), message, at))
        yield name, events


def _said(row: dict[str, str]) -> str:
    number = int(row["texthash"], 16)
    length = int(row["len"])
    own = "".join(chr(ord("a") + (number >> shift) % 26) for shift in range(0, 30, 5))
    text = own[:length] if length < 12 else f"{_talk()[number % len(_talk())][: length - 7]} {own}"
    return f"{text} https://docs.example.org/{own}" if row["has_url"] == "1" else text


_OFFERS = (
    "Turn 300 dollars into 4,000 within a week, my broker does it all, write to {name} on telegram",
    "I finally quit my job thanks to this trading group, they pay out daily, ask {name} how",
    "New here? Get your gift card of 100 dollars, first 50 members only: {link}",
    "Free game keys and skins today only, just log in and claim yours {link}",
    "Our token lists tonight, whitelist closes in an hour, early buyers get 3x: {link}",
    "Looking for people who want a side income, two hours a day from your phone, DM {name}",
    "Lonely girls in your city are waiting, see their private photos at {link}",
    "Best prices on followers, likes and premium accounts, instant delivery, pay with crypto, contact {name}",
    "Bet with our insiders, 95% win rate, first tip is free, join {link}",
    "Your account will be limited today, confirm it now at {link}",
)
_SHOUTS = (
    "this server belongs to us now",
    "everybody leave and come to our place, it is better there",
    "raid raid raid get wrecked all of you",
    "your admins are clowns, we own this chat",
)
_TALK = ("hey all", "hi", "what is going on here", "good evening everybody", "lol", "nice place you have")
_NAMES = ("@mark_fx", "@anna.trades", "@prof_hugo", "@luckytips")


def _offer(chance: random.Random, link: str = "") -> str:
    offer = chance.choice(_OFFERS)
    link = (
        link
        or f"https://{chance.choice(('get', 'go', 'my'))}-{chance.randint(100, 999)}.example/{chance.randint(1, 99)}"
    )
    return offer.format(name=chance.choice(_NAMES), link=link)


def _varied(text: str, chance: random.Random) -> str:
    """The text with a small change at its end or beginning, as spammers make them against exact comparison."""
    tail = chance.choice(("", "!", " !!", f" {chance.randint(1, 9999)}", " 🔥", " ok?"))
    text = chance.choice(("", "", "Hi! ", "guys ")) + text + tail
    return chance.choice((lambda t, _: t, lambda t, _: t, zero_width, some_homoglyphs))(text, chance)


def _account(chance: random.Random, name: str, at: float) -> Author:
    """An account that attacks: half are brand new, half were taken over and have a past."""
    if chance.random() < 0.5:
        return Author(name, at - chance.uniform(60, 3000), at - chance.uniform(3600, 3 * DAY), 0)
    return Author(
        name, at - chance.uniform(30, 300) * DAY, at - chance.uniform(300, 900) * DAY, chance.randint(20, 400)
    )


def _run(author: Author, texts: list[tuple[float, str]], chance: random.Random, **more: int | bool) -> list[Event]:
    events = []
    for number, (at, text) in enumerate(texts):
        now = Author(author.key, author.joined_at, author.created_at, author.messages + number)
        place = f"place {chance.randint(1, 4)}"
        message = Message(text, at, author.key, place, id=f"{author.key}-{number}", **more)  # type: ignore[arg-type]
        events.append(Event(now, message, at))
    return events


def spam_wave(chance: random.Random, name: str) -> list[Event]:
    """One account posts one offer, slightly varied, through the channels within a minute."""
    author, text = _account(chance, name, START), _offer(chance)
    times = [START + number * chance.uniform(2, 8) for number in range(8)]
    return _run(author, [(at, _varied(text, chance)) for at in times], chance)


def raid(chance: random.Random, name: str) -> list[Event]:
    """Thirty accounts arrive within a minute and shout one of a few lines, each three times."""
    events = []
    shouts = chance.sample(_SHOUTS, 2)
    for number in range(30):
        joined = START + chance.uniform(0, 60)
        author = Author(f"{name}-{number}", joined, joined - chance.uniform(1, 400) * DAY, 0)
        events.append(Event(author, None, joined))
        times = sorted(joined + chance.uniform(5, 90) for _ in range(3))
        events += _run(author, [(at, _varied(chance.choice(shouts), chance)) for at in times], chance)
    return sorted(events, key=lambda event: event.at)


def scam_links(chance: random.Random, name: str) -> list[Event]:
    """An account posts bad links or invitations, half of them disguised, with ordinary talk between."""
    author = _account(chance, name, START)
    texts = []
    for number in range(6):
        at = START + number * chance.uniform(30, 200)
        host = chance.choice(BAD)
        link = chance.choice(
            (f"https://{host}/claim", f"hxxps://{host.replace('.', '[.]')}/x", f"www.{host}", f"login.{host}/a")
        )
        if chance.random() < 0.3:
            link = f"discord.gg/{name.replace(' ', '')}{number}"
        text = _offer(chance, link)
        if chance.random() < 0.3:
            text = zero_width(text, chance)
        texts.append((at, chance.choice(_TALK) if number % 3 == 2 else text))
    return _run(author, texts, chance)


def mention_bomb(chance: random.Random, name: str) -> list[Event]:
    """An account mentions five to twelve people in each message, or calls everyone with an offer."""
    author = _account(chance, name, START)
    times = [START + number * chance.uniform(2, 10) for number in range(6)]
    if chance.random() < 0.5:
        return _run(author, [(at, chance.choice(_TALK)) for at in times], chance, mentions=chance.randint(5, 12))
    return _run(author, [(at, _offer(chance)) for at in times], chance, everyone=True)


def slow_drip(chance: random.Random, name: str) -> list[Event]:
    """An account posts offers every ten to forty minutes, another or the same anew, some of them disguised."""
    author = _account(chance, name, START)
    texts, at, same = [], START, _offer(chance)
    for _ in range(8):
        at += chance.uniform(600, 2400)
        text = _varied(same, chance) if chance.random() < 0.5 else _offer(chance)
        texts.append((at, chance.choice((some_leet, some_homoglyphs))(text, chance) if chance.random() < 0.3 else text))
    return _run(author, texts, chance)


KINDS: dict[str, Callable[[random.Random, str], list[Event]]] = {
    "spam wave": spam_wave,
    "raid": raid,
    "scam links": scam_links,
    "mention bomb": mention_bomb,
    "slow drip": slow_drip,
}


def attacks(kind: str, number: int, seed: int = 1) -> Iterator[Attack]:
    """So many attacks of a kind."""
    for one in range(number):
        chance = random.Random(f"{kind} {seed} {one}")
        yield Attack(kind, tuple(KINDS[kind](chance, f"{kind} {one}")))
