"""What people do on Discord and Slack in a round of the kill loop, and what must be true of it in the end.

Lines that are said come again from the platform's history or by its own repetition, so they are never lost. A slash
command is an interaction: no platform tells it a second time, so one that died with the process before it was stored
has no effect, and one that was stored has it once.
"""

from __future__ import annotations

import random
import urllib.error
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tests.soak.check import BROKEN, THINKING
from tests.soak.process import Fakes, Store
from tests.soak.workload import tag

Json = dict[str, Any]


@dataclass(slots=True)
class Line:
    """One thing that somebody did; `lane`, `records`, `answers` and `asks` are as in `workload.Line`.

    `event` is its event id where that is known, `told` whether it is sure to reach the bot.
    """

    cast: Cast
    channel: str
    user: str
    lane: str
    text: str
    tag: str
    slash: bool = False
    records: int = 1
    answers: int = 1
    asks: bool = False
    event: str = ""
    told: bool = True

    def do(self) -> None:
        """Say it."""
        if self.slash:
            self.event, self.told = self.cast.slash(self.channel, self.user, self.text)
        else:
            self.event = self.cast.say(self.channel, self.user, self.text)


class Cast(ABC):
    """The people of one platform: two who talk to the bot alone, and a channel with both."""

    name: str
    mention: str

    def __init__(self, fakes: Fakes) -> None:
        self.fakes = fakes
        self.users: list[str] = []
        self.directs: list[str] = []
        self.channel = ""

    @property
    def channels(self) -> list[str]:
        """All places in which they talk."""
        return [*self.directs, self.channel]

    def lines(self, chance: random.Random, *, model: bool, each: int) -> list[list[Line]]:
        """What they do in a round, lane by lane: of most things `each`."""
        one, other = self.users

        def command(user: str, channel: str) -> Line:
            word = tag()
            begin = self.mention if channel == self.channel else ""
            text = f"{begin}/{chance.choice(('need', 'offer'))} {word} in words"
            return Line(self, channel, user, f"quick {channel}", text, word)

        def talk(user: str, channel: str) -> Line:
            word, lane = tag(), f"talk {user}"
            if not model:
                text = f"Yesterday house {word} looked nice in the evening sun"
                return Line(self, channel, user, lane, text, word)
            kind = chance.choice(("keep", "ask", "tell", "tell"))
            if kind == "tell":
                return Line(self, channel, user, lane, f"tell me of {word}", word, records=0)
            return Line(self, channel, user, lane, f"{kind} {word} please", word, answers=2, asks=kind == "ask")

        def slash(user: str, channel: str) -> Line:
            word = tag()
            return Line(self, channel, user, f"quick {channel}", f"{word} in words", word, slash=True)

        alone, both = self.directs
        return [
            [command(one, alone) for _ in range(each)],
            [talk(other, both) for _ in range(each)],
            [command(chance.choice(self.users), self.channel) for _ in range(each)],
            [slash(other, both) for _ in range(each - 1)],
        ]

    @abstractmethod
    def accounts(self) -> list[tuple[str, str, str]]:
        """Workspace, id and direct chat of each."""

    @abstractmethod
    def say(self, channel: str, user: str, text: str) -> str:
        """A message; its event id."""

    @abstractmethod
    def slash(self, channel: str, user: str, text: str) -> tuple[str, bool]:
        """Post a need by a command of the platform: its event id if known, and whether it surely reached the bot."""

    @abstractmethod
    def repeat(self, line: Line) -> None:
        """The platform tells an event once more."""

    @abstractmethod
    def edit(self, line: Line) -> None:
        """Somebody edits what they said."""

    @abstractmethod
    def shown(self, channel: str) -> list[Json]:
        """The bot's messages there, oldest first: "id", "text", "buttons"."""

    @abstractmethod
    def press(self, channel: str, user: str, message: str) -> None:
        """Press "Yes"."""


class DiscordCast(Cast):
    """On Discord."""

    name = "discord"
    mention = "<@bot> "

    def __init__(self, fakes: Fakes) -> None:
        super().__init__(fakes)
        self.users = [fakes("discord_user", name=f"Person {n}")["user"] for n in (1, 2)]
        self.directs = [f"@{user}" for user in self.users]
        guild = fakes("discord_guild", name="Harbour", members=self.users)
        self.channel = guild["channels"]["general"]

    def accounts(self) -> list[tuple[str, str, str]]:
        return [("", user, "") for user in self.users]

    def say(self, channel: str, user: str, text: str) -> str:
        return str(self.fakes("discord_say", channel=channel, user=user, text=text)["message"])

    def slash(self, channel: str, user: str, text: str) -> tuple[str, bool]:
        made = self.fakes("discord_slash", channel=channel, user=user, path=["need", "post"], options={"text": text})
        return str(made["interaction"]), False

    def repeat(self, line: Line) -> None:
        if not line.slash:
            self.fakes("discord_redeliver", channel=line.channel, message=line.event)

    def edit(self, line: Line) -> None:
        if not line.slash:
            text = f"{line.text} after all"
            self.fakes("discord_edit", channel=line.channel, user=line.user, message=line.event, text=text)

    def shown(self, channel: str) -> list[Json]:
        seen = self.fakes("discord_messages", channel=channel, last=10_000)
        return [
            {"id": int(m["id"]), "text": m["words"], "buttons": m["buttons"], "message": m["id"]}
            for m in seen
            if m["from_bot"]
        ]

    def press(self, channel: str, user: str, message: str) -> None:
        self.fakes("discord_press", channel=channel, user=user, message=message, button="Yes")


class SlackCast(Cast):
    """On Slack."""

    name = "slack"
    mention = "<@BOT> "

    def __init__(self, fakes: Fakes) -> None:
        super().__init__(fakes)
        self._team = fakes.environment["SLACK_TEAM"]
        made = [fakes("slack_user", team=self._team, name=f"Person {n}") for n in (1, 2)]
        self.users = [one["user"] for one in made]
        self.directs = [one["im"] for one in made]
        self.channel = fakes("slack_channel", team=self._team, name="general", members=self.users)["channel"]
        self._events: dict[str, list[str]] = {}

    def accounts(self) -> list[tuple[str, str, str]]:
        return [(self._team, user, direct) for user, direct in zip(self.users, self.directs, strict=True)]

    def say(self, channel: str, user: str, text: str) -> str:
        made = self.fakes("slack_say", channel=channel, user=user, text=text)
        event = f"{channel}:{made['ts']}"
        self._events[event] = made["event_ids"]
        return event

    def slash(self, channel: str, user: str, text: str) -> tuple[str, bool]:
        return "", self._asked("slack_slash", channel=channel, user=user, command="/nexus", text=f"need post {text}")

    def _asked(self, operation: str, **arguments: Any) -> bool:
        """Whether it was acknowledged: only then does Slack tell the person that it worked."""
        try:
            self.fakes(operation, **arguments)
        except urllib.error.HTTPError:
            return False
        return True

    def repeat(self, line: Line) -> None:
        for event_id in self._events.get(line.event, ()):
            self.fakes("slack_redeliver", event_id=event_id)

    def edit(self, line: Line) -> None:
        if not line.slash:
            ts, text = line.event.partition(":")[2], f"{line.text} after all"
            self.fakes("slack_edit", channel=line.channel, user=line.user, ts=ts, text=text)

    def shown(self, channel: str) -> list[Json]:
        seen = self.fakes("slack_messages", channel=channel, last=10_000)
        return [
            {"id": float(m["ts"]), "text": m["shown"], "buttons": m["buttons"], "message": m["ts"]}
            for m in seen
            if m["from_bot"]
        ]

    def press(self, channel: str, user: str, message: str) -> None:
        self._asked("slack_press", channel=channel, user=user, ts=message, button="Yes")


def check(lines: list[Line], store: Store) -> list[str]:
    """Compare what people see and what the store holds with what was said: everything that must not be."""
    places = {(line.cast.name, line.channel): line.cast for line in lines}
    shown = {place: cast.shown(place[1]) for place, cast in places.items()}
    bodies = [row["body"] for row in store.rows("SELECT body FROM record")]
    states = {row["event_id"]: row["state"] for row in store.rows("SELECT event_id, state FROM inbox")}
    wrong: list[str] = []
    lanes: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        what = f"{line.cast.name}: {line.text!r}"
        records = sum(line.tag in body for body in bodies)
        answers = [m["id"] for m in shown[line.cast.name, line.channel] if line.tag in m["text"]]
        known = not line.slash or line.told or records > 0 or line.event in states
        if not known:  # it died with the process before it was stored
            wrong += [f"answered, but not done: {what}"] if answers else []
            continue
        if line.event and states.get(line.event) != "done":
            wrong.append(f"lost: {what} is {states.get(line.event)}")
        if records != line.records:
            wrong.append(f"{'twice' if records > line.records else 'lost'}: {what} left {records} records")
        if len(answers) != line.answers:
            wrong.append(f"{what} has {len(answers)} answers, not {line.answers}")
        if answers and not line.slash:
            lanes[f"{line.cast.name} {line.lane}"].append(min(answers))
    wrong += [f"disorder in lane {name}: {ids}" for name, ids in lanes.items() if ids != sorted(ids)]
    texts = [m["text"] for messages in shown.values() for m in messages]
    wrong += [f"a placeholder was left: {text!r}" for text in texts if text.rstrip().endswith(THINKING)]
    wrong += [text for text in texts if BROKEN in text]
    return wrong + store.trouble()
