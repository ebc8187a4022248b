"""Many places of several platforms at once: what is said in each, and what the bot then sent where.

For benchmarks and for the proof that places are kept apart. A script is a list of places:

    {"platform": "discord", "place": "1234", "lines": [{"who": "99", "text": "hello", "expect": "Hello"}, …]}

The lines of a place follow one another, each after the answer to the former; places run side by side. A line has:
- `who` and `text`; in `text` and `expect` {bot} becomes the mention of the bot;
- `expect`: words of the answer; "" takes any answer; null waits for none;
- `direct`: said to the bot in private instead;
- `command`: names of a command instead of a text: ["need", "post"]; `text` is then what is typed behind it, on Discord
  what is filled into the form's first input, if there is one.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.fakes.wire import Json

Sent = tuple[str, Any]  # where it went (see `CrowdOperations.op_heard`), and what


class Mouth(Protocol):
    """People of one platform, and what reached it."""

    async def say(self, place: str, line: Json, seconds: float) -> float:
        """Say a line; the moment (perf_counter) when its answer was whole. Raises AssertionError without an answer."""

    def sent(self) -> Iterator[Sent]:
        """Everything that the bot sent here."""


class TelegramMouth:
    """Groups and people by their number."""

    def __init__(self, tg: FakeTelegram) -> None:
        self._tg = tg
        self._handle = f"@{tg.bot.user.username}"

    async def say(self, place: str, line: Json, seconds: float) -> float:
        """See `Mouth`."""
        user = self._tg.users[int(line["who"])]
        chat = self._tg.private(user) if line.get("direct") else self._tg.groups[int(place)]
        text = str(line["text"]).replace("{bot}", self._handle)
        if command := line.get("command"):
            text = f"/{'_'.join(command)}{'' if line.get('direct') else self._handle} {text}".strip()
        update = chat.say(user, text)
        if line["expect"] is None:
            return 0.0
        reply = await chat.wait_for_reply(after=update, contains=line["expect"] or None, timeout=seconds)
        return max(reply.at, reply.changed_at)

    def sent(self) -> Iterator[Sent]:
        """See `Mouth`."""
        for request in self._tg.requests:
            yield str(request.params.get("chat_id") or ""), request.params
        for chat in (*self._tg.groups.values(), *self._tg.privates.values()):
            for message in chat.bot_messages:
                yield str(chat.id), message.view()


class DiscordMouth:
    """Channels by their id; the direct messages of a person are "@ID"."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord

    async def say(self, place: str, line: Json, seconds: float) -> float:
        """See `Mouth`."""
        user = self._discord.users[int(line["who"])]
        channel = user.dm() if line.get("direct") else self._discord.channels[int(place)]
        text = str(line["text"]).replace("{bot}", self._discord.app.user.mention)
        if command := line.get("command"):
            asked = channel.slash(user, *command)
            if text:
                form = await asked.modal(seconds)
                asked = asked.submit({form.fields[0]["custom_id"]: text})
            after = asked.sequence
        else:
            after = channel.say(user, text).sequence
        if line["expect"] is None:
            return 0.0
        expect = line["expect"] or None
        reply = await channel.wait_for_reply(after=after, contains=expect, user=user, timeout=seconds)
        return max(reply.at, reply.changed_at)

    def sent(self) -> Iterator[Sent]:
        """See `Mouth`."""
        for request in self._discord.requests:
            yield self._where(request.path), [request.path, request.query, request.body, request.files]
        for channel in self._discord.channels.values():
            for message in channel.all.values():
                if message.from_bot:
                    yield self._named(channel.id), message.view()

    def _where(self, path: str) -> str:
        parts = path.strip("/").split("/")
        if parts[0] == "channels" and len(parts) > 1:
            return self._named(int(parts[1]))
        if parts[0] in ("interactions", "webhooks") and len(parts) > 2:
            found = self._discord.tokens.get(parts[2])
            return self._named(found.channel.id) if found is not None else ""
        return f"guild {parts[1]}" if parts[0] == "guilds" and len(parts) > 1 else ""

    def _named(self, channel_id: int) -> str:
        channel = self._discord.channels.get(channel_id)
        return f"@{channel.person.id}" if channel is not None and channel.person is not None else str(channel_id)


class SlackMouth:
    """Channels by their id; what is sent goes to a workspace, or to a conversation in it."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    async def say(self, place: str, line: Json, seconds: float) -> float:
        """See `Mouth`."""
        team, channel = next((t, t.rooms[place]) for t in self._slack.teams.values() if place in t.rooms)
        user = team.users[line["who"]]
        room = team.im(user) if line.get("direct") else channel
        text = str(line["text"]).replace("{bot}", team.bot.mention)
        if command := line.get("command"):
            after = team.slash(user, room, "/nexus", f"{' '.join(command)} {text}".strip()).made
        else:
            after = room.say(user, text).made
        if line["expect"] is None:
            return 0.0
        reply = await room.wait_for_reply(after=after, contains=line["expect"] or None, user=user, timeout=seconds)
        return max(reply.at, reply.changed_at)

    def sent(self) -> Iterator[Sent]:
        """See `Mouth`."""
        for request in self._slack.requests:
            channel = str(request.arguments.get("channel") or "")
            yield f"{request.team} {channel}".strip(), [request.arguments, request.files]
        for team in self._slack.teams.values():
            for room in team.rooms.values():
                for message in room.bot_messages:
                    yield f"{team.id} {room.id}", message.view()


class CrowdOperations:
    """What `Control` offers for many places at once."""

    tg: FakeTelegram
    openai: FakeOpenAI
    discord: FakeDiscord | None
    slack: FakeSlack | None

    async def op_crowd(self, places: list[Json], at_once: int = 0, patience: float = 60.0) -> Json:
        """Let places talk, `at_once` of them at a time (0: all). `patience` in seconds is for each answer.

        Returns `answered`, `said` (lines, those without an answer too), `seconds` in all, milliseconds until the answer
        by platform in `done`, and the answers that did not come in `missed`; each of those ends the talk of its place.
        """
        mouths = self._mouths()
        done: dict[str, list[float]] = defaultdict(list)
        missed: list[str] = []
        said = 0
        gate = asyncio.Semaphore(at_once or len(places) or 1)

        async def talk(place: Json) -> None:
            nonlocal said
            async with gate:
                for line in place["lines"]:
                    began = time.perf_counter()
                    said += 1
                    try:
                        ended = await mouths[place["platform"]].say(place["place"], line, patience)
                    except AssertionError as error:
                        missed.append(f"{place['platform']} {place['place']}, {line}: {error}")
                        return
                    if line["expect"] is not None:
                        done[place["platform"]].append((ended - began) * 1000)

        began = time.perf_counter()
        await asyncio.gather(*(talk(place) for place in places))
        return {
            "answered": sum(len(times) for times in done.values()),
            "said": said,
            "seconds": time.perf_counter() - began,
            "done": done,
            "missed": missed,
        }

    def op_heard(self, pattern: str) -> Json:
        """Which words that fit a pattern were sent where: in every request to any fake, and in what stands in chats.

        `found` has one entry for each set of words (in lower case) and place: {"platform", "where", "words", "count",
        "example"}. `where` is a chat's id on Telegram; a channel's id, "@ID" of a person or "guild ID" on Discord; a
        workspace's id on Slack, followed by that of a channel; "" where a request goes nowhere, as those to the model
        do. `forgotten` counts requests that were too many to be kept: what is not 0 leaves a gap in the proof.
        """
        fits = re.compile(pattern, re.IGNORECASE)
        found: dict[tuple[str, str, tuple[str, ...]], Json] = {}
        looked = 0
        for platform, where, what in self._everything():
            looked += 1
            text = json.dumps(what, default=str, ensure_ascii=False)
            words = tuple(sorted({word.lower() for word in fits.findall(text)}))
            if not words:
                continue
            entry = found.setdefault(
                (platform, where, words),
                {"platform": platform, "where": where, "words": words, "count": 0, "example": text[:400]},
            )
            entry["count"] += 1
        return {"found": list(found.values()), "looked": looked, "forgotten": self._forgotten()}

    def _everything(self) -> Iterator[tuple[str, str, Any]]:
        for platform, mouth in self._mouths().items():
            for where, what in mouth.sent():
                yield platform, where, what
        for request in self.openai.requests:
            yield "openai", "", request.body

    def _forgotten(self) -> int:
        fakes = [fake for fake in (self.tg, self.openai, self.discord, self.slack) if fake is not None]
        return sum(sum(fake.counts.values()) - len(fake.requests) for fake in fakes)

    def _mouths(self) -> Mapping[str, Mouth]:
        mouths: dict[str, Mouth] = {"telegram": TelegramMouth(self.tg)}
        if self.discord is not None:
            mouths["discord"] = DiscordMouth(self.discord)
        if self.slack is not None:
            mouths["slack"] = SlackMouth(self.slack)
        return mouths
