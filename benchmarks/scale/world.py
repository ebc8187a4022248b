"""The places: servers, workspaces and groups with their people, built in the fakes before the bot starts."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.processes import Fakes

MARKER = r"zq[dst][a-z]{3}qz"  # in any case of letters; see `marker`
PEOPLE = ("Ana", "Ben", "Cleo")


@dataclass(frozen=True, slots=True)
class Size:
    """How many places of each platform."""

    discord: int
    slack: int
    telegram: int

    @property
    def places(self) -> int:
        """All together."""
        return self.discord + self.slack + self.telegram


@dataclass(frozen=True, slots=True)
class Place:
    """One server, workspace or group.

    `ground` is what is bound to a Nexus: the id of the server or workspace, or of the group itself. `workspace` is what
    events say of it (the bot's id on Telegram); `channel` is where people talk. `wheres` are the names under which
    `CrowdOperations.op_heard` tells what is sent to this place, or to its people in private.
    """

    platform: str
    marker: str
    workspace: str
    ground: str
    channel: str
    people: tuple[str, ...]
    wheres: frozenset[str]
    token: str = ""  # of the app in a workspace of Slack
    bot: str = ""  # the app's account there

    @property
    def name(self) -> str:
        """Of the place, and of its Nexus."""
        return f"{self.marker} Yard"


def marker(platform: str, number: int) -> str:
    """A word of its own for each place; of letters, so that no reader of sentences takes it for a number or an id."""
    letters = "".join(string.ascii_lowercase[number // 26**power % 26] for power in (2, 1, 0))
    return f"Zq{platform[0]}{letters}qz"


def build(fakes: Fakes, size: Size) -> list[Place]:
    """Make them all. The platforms by turns, so that any number from the front is a mixture."""
    made = {
        "discord": [_server(fakes, marker("discord", number)) for number in range(size.discord)],
        "slack": [_workspace(fakes, marker("slack", number)) for number in range(size.slack)],
        "telegram": [_group(fakes, marker("telegram", number)) for number in range(size.telegram)],
    }
    return list(_by_turns(*made.values()))


def _by_turns(*several: list[Place]) -> Iterator[Place]:
    for number in range(max(len(one) for one in several)):
        yield from (one[number] for one in several if number < len(one))


def _server(fakes: Fakes, word: str) -> Place:
    people = tuple(fakes("discord_user", name=f"{name} {word}")["user"] for name in PEOPLE)
    guild = fakes("discord_guild", name=f"{word} Yard", members=people)
    channel = guild["channels"]["general"]
    wheres = frozenset({channel, f"guild {guild['guild']}", *(f"@{one}" for one in (*people, guild["owner"]))})
    return Place("discord", word, guild["guild"], guild["guild"], channel, people, wheres)


def _workspace(fakes: Fakes, word: str) -> Place:
    team = fakes("slack_team", name=f"{word} Yard")
    people = tuple(fakes("slack_user", team=team["team"], name=f"{name} {word}")["user"] for name in PEOPLE)
    channel = fakes("slack_channel", team=team["team"], name="general", members=people)["channel"]
    wheres = frozenset({team["team"]})  # whatever is sent with a workspace's token stays in it
    return Place(
        "slack", word, team["team"], team["team"], channel, people, wheres, team["bot_token"], team["bot_user"]
    )


def _group(fakes: Fakes, word: str) -> Place:
    people = [fakes("user", name=f"{name} {word}")["user"] for name in PEOPLE]
    chat = str(fakes("group", title=f"{word} Yard", members=people)["chat"])
    names = tuple(str(one) for one in people)
    return Place(
        "telegram",
        word,
        fakes.addresses["telegram_token"].partition(":")[0],
        chat,
        chat,
        names,
        frozenset({chat, *names}),
    )
