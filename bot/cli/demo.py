"""`nexus demo`: a small lively Nexus to talk to, in a store of its own."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from sqlalchemy import select

from bot.cli import chat
from bot.cli.speaker import default_name
from bot.settings import Settings, data_folder
from core.clock import DAY, HOUR, MINUTE, ManualClock, SystemClock
from core.grants.conflicts import tell_terminals_apart
from core.ids import read_code
from core.nexuses.founding import claim, found
from core.nexuses.members import join
from core.nexuses.tables import nexus
from core.nexuses.tree import ROOT_ID, nexus_by_slug
from core.operations import Origin
from core.operations.run import run as run_operation
from core.people.people import set_here, speaker
from core.store import Unit, open_store
from core.store.open import sqlite_path

HOME = "Harbour Studio"
# (days ago, who, operation, arguments, in which Nexus)
STORY: tuple[tuple[float, str, str, dict[str, object], str], ...] = (
    (41, "Ana Ruiz", "nexus.create", {"name": "Parser", "door": "members"}, "harbour-studio"),
    (40, "Tom Becker", "nexus.create", {"name": "Garden", "door": "open"}, "harbour-studio"),
    (39, "Mira Okafor", "nexus.join", {"nexus": "Parser"}, "harbour-studio"),
    (38, "Jonas Lind", "nexus.join", {"nexus": "Parser"}, "harbour-studio"),
    (37, "Priya Nair", "nexus.join", {"nexus": "Garden"}, "harbour-studio"),
    (36, "Ana Ruiz", "role.grant", {"person": "Tom Becker", "role": "steward"}, "harbour-studio"),
    (36, "Ana Ruiz", "role.grant", {"person": "Priya Nair", "role": "treasurer"}, "harbour-studio"),
    (35, "Ana Ruiz", "need.post", {"text": "someone to test the parser on Windows for an afternoon"}, "parser"),
    (
        34,
        "Mira Okafor",
        "offer.post",
        {"text": "logos and small brand identities, in the evenings"},
        "harbour-studio",
    ),
    (30, "Jonas Lind", "offer.post", {"text": "reviews of Rust and Python code, an hour at a time"}, "harbour-studio"),
    (28, "Priya Nair", "offer.post", {"text": "advice on contracts and licences for open source"}, "harbour-studio"),
    (24, "Lena Novak", "need.post", {"text": "a designer for the landing page of my seed-swap map"}, "harbour-studio"),
    (21, "Tom Becker", "offer.post", {"text": "a quiet desk in Rotterdam, every Tuesday"}, "harbour-studio"),
    (20, "Ana Ruiz", "fund.deposit", {"amount": "2000 EUR", "reference": "spring market"}, "harbour-studio"),
    (17, "Ana Ruiz", "role.grant", {"person": "Mira Okafor", "role": "steward"}, "parser"),
    (14, "Sam Oyelaran", "need.post", {"text": "an introduction to a bookkeeper who knows grants"}, "harbour-studio"),
    (11, "Priya Nair", "offer.post", {"text": "German and Dutch translations of short texts"}, "harbour-studio"),
    (9, "Jonas Lind", "need.post", {"text": "first users for a tiny backup tool, five are enough"}, "parser"),
    (6, "Lena Novak", "offer.post", {"text": "photos of people at work, for websites"}, "harbour-studio"),
    (3, "Sam Oyelaran", "offer.post", {"text": "help with pricing a small service, over a coffee"}, "harbour-studio"),
    (1, "Mira Okafor", "need.post", {"text": "a second pair of eyes on accessibility"}, "parser"),
)
PEOPLE = ("Ana Ruiz", "Tom Becker", "Mira Okafor", "Jonas Lind", "Priya Nair", "Lena Novak", "Sam Oyelaran")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    own = sqlite_path(settings.store_url)
    path = (own.parent if own else data_folder()) / "demo.db"
    if options.fresh:
        for leftover in path.parent.glob("demo.db*"):
            leftover.unlink()
    name = options.speaker or default_name()
    url = f"sqlite:///{path}"
    if not path.exists():
        build(path, name)
    settings = settings.model_copy(update={"store_url": url, "name": HOME})
    store = open_store(url)
    tell_terminals_apart(store)  # seven made-up people, whom nobody here plays for money
    try:
        store.write(lambda unit: _let_in(unit, name)).result()
        banner = (
            f"This is {HOME}, a made-up Nexus of seven people. You are {name}, a member.\n"
            "Try “who can help with a logo?”, “what do people need?”, “I can offer …”, or “help”. /quit to leave."
        )
        return chat.talk(options, settings, store, name=name, banner=banner)
    finally:
        store.close()


def build(path: Path, visitor: str) -> None:
    """Make the demo's store: the people, and six weeks of what they did, each with its own rights."""
    clock = ManualClock(SystemClock().now() - 42 * DAY)
    started = clock.now()
    store = open_store(f"sqlite:///{path}", clock)
    try:
        store.write(_people).result()
        for days_ago, who, operation, arguments, where in STORY:
            at = started + int((42 - days_ago) * DAY) + 9 * HOUR
            clock.advance(max(at - clock.now(), MINUTE))
            store.write(partial(_act, who=who, operation=operation, arguments=arguments, where=where)).result()
    finally:
        store.close()


def _people(unit: Unit) -> None:
    code = found(unit, HOME)
    for index, name in enumerate(PEOPLE):
        who = speaker(unit, platform="terminal", workspace="", external_id=name.casefold(), name=name)
        if index == 0 and code:
            claim(unit, who.person_id, read_code(code))
        join(unit, who.person_id, ROOT_ID, "member", granted_by=who.person_id)


def _act(unit: Unit, who: str, operation: str, arguments: dict[str, object], where: str) -> None:
    from bot.cli.speaker import context_at_terminal
    from core.catalogue import REGISTRY

    context = context_at_terminal(unit, who, None, Origin.CLI)
    place = nexus_by_slug(unit, where)
    assert place is not None
    context.nexus_id = place.id
    run_operation(REGISTRY, context, operation, arguments)


def _let_in(unit: Unit, name: str) -> None:
    """The visitor is a member of the demo, so that there is something to see and to do at once."""
    who = speaker(unit, platform="terminal", workspace="", external_id=name.casefold(), name=name)
    root = unit.value(select(nexus.c.id).where(nexus.c.id == ROOT_ID))
    if root is not None and join(unit, who.person_id, ROOT_ID, "member", granted_by=who.person_id):
        set_here(unit, who.person_id, ROOT_ID)
