"""The whole conversation: a Nexus and a sub-Nexus, an invitation, a need and an offer, who can help, why not.

The same sentences on every surface, with the offline brain and with a model that calls the tools a good one would call.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.cofounder.brain import Understands
from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY
from tests.bot.cli.conftest import shell
from tests.bot.cli.shell import PATIENCE, Shell
from tests.contract.conftest import PLATFORMS, Move, furnished
from tests.contract.house import found_code
from tests.contract.surfaces import Surface
from tests.contract.surfaces.phone import Phone
from tests.contract.talking import good_model
from tests.fakes.telegram import FakeTelegram

__all__ = ["shell"]

# Who says what, and what stands in the answer. A word in brackets is a button; CLAIM and CODE stand for codes.
SCRIPT: tuple[tuple[str, str, str], ...] = (
    ("Ana", "claim CLAIM", "Home is yours now: you are its owner."),
    ("Ana", "create a Nexus called Parser", "Start a Nexus called Parser"),
    ("Ana", "[Yes]", "Home › Parser is there, and you are its owner."),
    ("Ana", "make a sub-nexus called Lexer inside Parser", "Start a Nexus called Lexer inside Parser?"),
    ("Ana", "[Yes]", "Home › Parser › Lexer is there, and you are its owner."),
    ("Ana", "let's go to Parser", "We are in Home › Parser now."),
    ("Ana", "invite someone", "Make an invitation to Parser for one person as member, valid 7 days?"),
    ("Ana", "[Yes]", "Your invitation to Parser:"),
    ("Ben", "accept CODE", "That invitation lets you into Parser as member."),
    ("Ben", "[Yes]", "Welcome to Parser. You came in as member."),
    ("Ben", "I need a designer for my logo", "Post this need in Parser: “a designer for my logo”?"),
    ("Ben", "[Yes]", "Posted in Parser: you need “a designer for my logo”"),
    ("Ana", "I can help with logo design", "Post this offer in Parser: “logo design”?"),
    ("Ana", "[Yes]", "Posted in Parser: you offer “logo design”"),
    ("Ben", "who can help with a logo?", "Ana offers in Parser: logo design"),
    ("Ben", "rename this nexus to Harbour", "That takes a steward of Parser, which you are not. Ana could help."),
    ("Ben", "archive Lexer", "That takes an owner of Lexer, which you are not. Ana could help."),
    ("Cleo", "I need a plumber", "You are in no Nexus yet."),
    ("Ana", "make Ben a moderator", "Make Ben moderator of Parser?"),
    ("Ana", "[No]", "All right, I left it as it was."),
    ("Ana", "what do people need?", "Ben: a designer for my logo"),
)

# What a good model calls for each of these sentences; the others hold a code, which no model is shown.
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "create a Nexus called Parser": ("nexus.create", {"name": "Parser"}),
    "make a sub-nexus called Lexer inside Parser": ("nexus.create", {"name": "Lexer", "parent": "Parser"}),
    "let's go to Parser": ("nexus.enter", {"nexus": "Parser"}),
    "invite someone": ("invite.create", {}),
    "I need a designer for my logo": ("need.post", {"text": "a designer for my logo"}),
    "I can help with logo design": ("offer.post", {"text": "logo design"}),
    "who can help with a logo?": ("people.find", {"query": "logo"}),
    "rename this nexus to Harbour": ("nexus.rename", {"name": "Harbour"}),
    "archive Lexer": ("nexus.archive", {"nexus": "Lexer"}),
    "I need a plumber": ("need.post", {"text": "a plumber"}),
    "make Ben a moderator": ("role.grant", {"person": "Ben", "role": "moderator"}),
    "what do people need?": ("need.list", {}),
}


@pytest.fixture(scope="module")
def offline() -> Understands:
    """The real one."""
    return OfflineBrain(REGISTRY)


@pytest.fixture(params=["sqlite-offline", "postgres-offline", "sqlite-model"])
def how(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The engine and the brain."""
    engine, _, brain = str(request.param).partition("-")
    return engine, brain


@pytest.fixture(params=PLATFORMS)
async def place(
    request: pytest.FixtureRequest, how: tuple[str, str], move: Move, offline: Understands
) -> AsyncIterator[Surface]:
    """A house with one surface, and its brain."""
    engine, kind = how
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, request.param)
        brain = None
        if kind == "model":
            brain = await good_model(stack, CALLS)
        house = await stack.enter_async_context(move(engine, offline=offline, brain=brain, **fakes))
        yield house.surface


async def test_the_whole_conversation(place: Surface) -> None:
    codes = {"CLAIM": place.house.code, "CODE": ""}
    for who, words, expected in SCRIPT:
        for name, code in codes.items():
            words = words.replace(name, code)
        if words.startswith("["):
            said = await place.press(who, words.strip("[]"))
        else:
            said = await place.say(who, words)
        assert expected in said, f"{who}: {words}\n{said}"
        if "Your invitation to" in said:
            codes["CODE"] = found_code(said)
    assert place.house.count("record") == 2
    assert place.house.count("nexus") == 3


async def test_a_deep_link_leads_in(move: Move, tg: FakeTelegram, offline: Understands) -> None:
    async with move(terminal=False, telegram=tg, offline=offline) as house:
        phone = house.phone
        assert isinstance(phone, Phone)
        await phone.say("Ana", f"claim {house.code}")
        await phone.say("Ana", "invite someone")
        code = found_code(await phone.press("Ana", "Yes"))
        assert "Welcome to Home. You came in as member." in await phone.start("Ben", code)
        assert "Ben used your invitation and is in Home now." in await phone.news("Ana")
        assert "doesn't open anything (any more)" in await phone.start("Cleo", code)
        assert "What you can do in Home" in await phone.start("Ben")


async def test_the_whole_conversation_through_a_pipe(shell: Shell) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "chat", "--as", "Ana",
        stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=shell.home, env=shell.environment(),
    )  # fmt: skip
    pipe = Pipe(process)
    codes = {"CLAIM": found_code(await pipe.until("say: claim")), "CODE": ""}
    speaker = "Ana"
    for who, words, expected in SCRIPT:
        for name, code in codes.items():
            words = words.replace(name, code)
        if who != speaker:
            await pipe.say(f"/as {who}", f"You are {who} now.")
            speaker = who
        said = await pipe.say(words.strip("[]"), expected)
        if "Your invitation to" in said:
            codes["CODE"] = found_code(said)
    await pipe.say("/quit", "> /quit")
    async with asyncio.timeout(PATIENCE):
        _, errors = await process.communicate()
    assert process.returncode == 0
    assert errors == b""


class Pipe:
    """A process that is written to and read from."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def say(self, line: str, expected: str) -> str:
        """Write a line; what it prints until the words that are expected."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        return await self.until(expected)

    async def until(self, words: str) -> str:
        """What it prints until a line with these words."""
        assert self._process.stdout is not None
        shown = ""
        try:
            async with asyncio.timeout(PATIENCE):
                while line := (await self._process.stdout.readline()).decode():
                    shown += line
                    if words in line:
                        return shown
        except TimeoutError:
            pass
        raise AssertionError(f"no {words!r} in\n{shown}")
