"""What is kept about somebody, and who may see it, in few lines."""

from __future__ import annotations

from typing import Any

from bot.cards.privacy import kept
from bot.words import Words
from core.privacy.copies import Copy, note
from core.privacy.data import Things
from core.privacy.operations import Belonging, Kept
from core.rules.consents import set_consent
from core.rules.rules import set_rule
from core.rules.words import NOTHING, Action, Effect, pack_actions
from tests.world import World


def lines(world: World, who: str) -> list[str]:
    reply = kept(world.do(who, "my.data"), Words("en"))
    assert reply.card is not None
    return list(reply.card.lines)


def test_counts_and_who_may_see_them(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Xy", "Parser")
    for number in range(3):
        world.do("Xy", "need.post", text=f"need {number}")
    world.do("Xy", "offer.post", text="an offer")
    world.do("Xy", "thought.add", text="a thought")
    found: Kept = world.do("Xy", "my.data")
    assert Things("need", "Parser", 3, ("member",)) in found.things
    assert found.belongs == (Belonging("Parser", "member"),)
    said = lines(world, "Xy")
    assert "Your 3 needs in Parser: its members." in said
    assert "Your 1 offer in Parser: its members." in said
    assert "Your 1 thought: you alone." in said
    assert "You are member of Parser." in said
    assert "5 lines of the history say what you did, with numbers and no words." in said


def test_what_the_author_keeps_to_themselves_is_said_so(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Xy", "Parser")
    world.do("Xy", "need.post", text="need one")
    world.write(lambda unit: set_consent(unit, world.id_of("Xy"), kind="need", word=NOTHING))
    assert "Your 1 need in Parser: you alone." in lines(world, "Xy")


def test_what_anybody_may_see_is_said_so(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.do("Ana", "need.post", text="need one", nexus="Parser")
    rule: dict[str, Any] = {"kind": "need", "audience": "public", "actions": pack_actions([Action.SEE])}
    world.write(
        lambda unit: set_rule(unit, world.nexuses["Parser"].id, **rule, effect=Effect.PERMIT, by=world.id_of("Ana"))
    )
    assert "Your 1 need in Parser: anybody." in lines(world, "Ana")


def test_copies_are_named_with_their_day(world: World) -> None:
    world.person("Ana")
    copy = Copy("nexus.db.before-0009-1-until-2026-01-25", world.clock.now(), world.clock.now() + 25 * 86_400_000)
    world.write(lambda unit: note(unit, copy))
    (said,) = lines(world, "Ana")
    assert said == f"All of this is also in a copy of the store, {copy.name}, until 25 Jan 2026."


def test_others_are_told_nothing_of_it(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Xy", "Parser")
    world.do("Xy", "thought.add", text="a thought")
    assert world.do("Ana", "my.data").things == ()
