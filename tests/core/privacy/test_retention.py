"""How long things are kept: who decides, what goes when, and that nobody loses something open without a word."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from core.clock import DAY
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.notices import notices
from core.notices.tables import notice
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask
from core.privacy.retention import (
    BATCH,
    FOR_EVER,
    NOTICE,
    STALE,
    Kept,
    kept_in,
    overdue,
    set_retention,
    settings_of,
    sweep,
    tidy,
)
from core.privacy.tables import renewal
from core.records.records import add_record
from core.records.tables import record
from core.rules.kinds import WRITTEN
from core.rules.tables import consent
from core.store import Unit
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Inner", owner="Ida", parent="Parser")
    world.join("Ben", "Parser")
    return world


def keep(world: World, days: str, *, kind: str = "everything", nexus: str = "Parser", who: str = "Ana") -> Any:
    return world.do(who, "retention.set", kind=kind, keep=days, nexus=nexus)


def swept(world: World) -> None:
    while world.write(sweep):
        pass


def day_by_day(world: World, days: int) -> None:
    for _ in range(days):
        world.clock.advance(DAY)
        swept(world)


def told(world: World, who: str = "Ben") -> list[str]:
    rows = world.read(lambda unit: unit.rows(select(notice).where(notice.c.person_id == world.id_of(who))))
    return [row["template"].format(**row["data"]) for row in rows]


def button(world: World, which: int = 0, label: str = "Keep it") -> str:
    rows = world.read(lambda unit: unit.rows(select(notice).order_by(notice.c.id)))
    return str(next(token for name, token, _ in rows[which]["buttons"] if name == label))


def states(world: World) -> list[tuple[str, str]]:
    rows = world.read(lambda unit: unit.rows(select(record.c.body, record.c.state).order_by(record.c.id)))
    return [(row["body"], row["state"]) for row in rows]


def test_things_are_kept_until_somebody_decides_otherwise(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "need.close", need="desk")
    day_by_day(world, 3)
    world.clock.advance(4000 * DAY)
    swept(world)
    assert states(world) == [("a desk", "closed")]
    assert told(world) == []


def test_what_is_closed_goes_so_many_days_after(world: World) -> None:
    need = world.do("Ben", "need.post", text="purple elephant")
    world.do("Ben", "consent.set", thing=need.handle, who="only-me")
    keep(world, "30 days")
    world.do("Ben", "need.close", need="elephant", outcome="found an elephant")
    world.clock.advance(30 * DAY - 1)
    swept(world)
    assert states(world) == [("purple elephant", "closed")]
    world.clock.advance(1)
    swept(world)
    assert states(world) == [("", "removed")]
    assert "elephant" not in repr(world.dump())
    assert world.read(lambda unit: unit.rows(select(consent))) == []
    after = world.dump()
    swept(world)
    assert world.dump() == after


def test_what_is_open_goes_after_its_author_had_a_week(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    keep(world, "30 days")
    day_by_day(world, 22)
    assert told(world) == []
    day_by_day(world, 1)
    (text_,) = told(world)
    assert text_ == (
        "In Parser, things are kept for 30 days. On 31 Jan 2026 I would delete this of yours: “a desk”. Keep it?"
    )
    day_by_day(world, 6)
    assert states(world) == [("a desk", "open")]
    assert world.do("Ana", "need.list").items[0].text == "a desk"
    day_by_day(world, 1)
    assert states(world) == [("", "removed")]
    assert world.do("Ana", "need.list").items == ()
    assert world.read(lambda unit: unit.value(text("SELECT count(*) FROM record_text"))) == 0
    assert world.read(lambda unit: unit.rows(select(renewal))) == []
    assert len(told(world)) == 1


def test_keeping_it_on_makes_it_new(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    keep(world, "30 days")
    day_by_day(world, 24)
    with pytest.raises(NotAllowed):
        world.press("Ana", button(world))
    world.press("Ben", button(world))
    day_by_day(world, 22)
    assert states(world) == [("a desk", "open")]
    assert len(told(world)) == 1
    day_by_day(world, 1)
    assert len(told(world)) == 2
    day_by_day(world, 7)
    assert states(world) == [("", "removed")]


def test_letting_it_go_is_one_tap_too(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    keep(world, "30 days")
    day_by_day(world, 24)
    world.press("Ben", button(world, label="Let it go"))
    day_by_day(world, 7)
    assert states(world) == [("", "removed")]


def test_one_notice_for_all_of_an_author_and_one_button(world: World) -> None:
    for number in range(7):
        world.do("Ben", "need.post", text=f"thing {number}")
    world.do("Ana", "offer.post", text="a lamp")
    keep(world, "30 days")
    day_by_day(world, 24)
    (text_,) = told(world)
    assert "“thing 0”, “thing 1”, “thing 2”, “thing 3”, “thing 4” and 2 more" in text_
    assert len(told(world, "Ana")) == 1
    world.do("Ben", "need.close", need="thing 3")
    world.press("Ben", button(world))
    day_by_day(world, 10)
    assert sum(state == "open" for _, state in states(world)) == 6


def test_what_is_gone_cannot_be_kept(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    keep(world, "30 days")
    day_by_day(world, 24)
    token = button(world)
    day_by_day(world, 7)
    with pytest.raises(Conflict, match="gone already"):
        world.press("Ben", token)


def test_something_old_is_not_deleted_at_once_when_it_is_decided(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    world.clock.advance(100 * DAY)
    keep(world, "30 days")
    swept(world)
    assert states(world) == [("a desk", "open")]
    assert len(told(world)) == 1
    day_by_day(world, 6)
    assert states(world) == [("a desk", "open")]
    day_by_day(world, 1)
    assert states(world) == [("", "removed")]


def test_an_old_notice_is_given_again(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    keep(world, "30 days")
    day_by_day(world, 24)
    keep(world, "for ever")
    world.clock.advance(STALE)
    swept(world)
    keep(world, "30 days")
    swept(world)
    assert states(world) == [("a desk", "open")]
    assert len(told(world)) == 2


def test_the_nearest_nexus_decides_for_what_is_in_it(world: World) -> None:
    world.join("Ben", "Inner")
    for nexus in ("Parser", "Inner"):
        world.do("Ben", "need.post", text=f"in {nexus}", nexus=nexus)
        world.do("Ben", "offer.post", text=f"offer in {nexus}", nexus=nexus)
    keep(world, "30 days")
    keep(world, "for ever", kind="need", nexus="Inner", who="Ida")
    day_by_day(world, 32)
    assert [body for body, state in states(world) if state == "open"] == ["in Inner"]
    keep(world, "as above", kind="need", nexus="Inner", who="Ida")
    assert world.read(settings_of).keys() == {(world.nexuses["Parser"].id, "*")}
    day_by_day(world, 8)
    assert [body for body, state in states(world) if state == "open"] == []


def test_thoughts_stay_their_authors(world: World) -> None:
    world.do("Ben", "thought.add", text="a thought")
    keep(world, "14 days")
    day_by_day(world, 30)
    assert states(world) == [("a thought", "open")]
    with pytest.raises(BadInput):
        keep(world, "14 days", kind="thought")


def test_only_stewards_decide_and_the_card_says_what_would_go(world: World) -> None:
    with pytest.raises(NotAllowed):
        keep(world, "30 days", who="Ben")
    with pytest.raises(NotAllowed):
        keep(world, "30 days", nexus="Home")
    for words in ("a desk", "a lamp", "a chair"):
        world.do("Ben", "need.post", text=words)
    world.do("Ben", "need.close", need="lamp")
    world.clock.advance(24 * DAY)
    world.do("Ben", "need.post", text="something new")
    world.clock.advance(6 * DAY)
    asked = world.call("Ana", "retention.set", kind="need", keep="30 days")
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "From now on, needs in Parser are deleted 30 days after they were closed or posted? 1 of them would go at "
        "once, and 2 once their authors have had a week. That cannot be undone for what is gone."
    )
    assert world.read(settings_of) == {}
    before = states(world)
    world.press("Ana", asked.buttons[0].token)
    swept(world)
    assert sum(a != b for a, b in zip(before, states(world), strict=True)) == 1
    day_by_day(world, 7)
    assert sum(state == "open" for _, state in states(world)) == 1


def test_the_forecast_leaves_out_what_others_decide(world: World) -> None:
    world.join("Ben", "Inner")
    world.do("Ben", "need.post", text="in Inner", nexus="Inner")
    world.do("Ben", "need.post", text="in Parser", nexus="Parser")
    world.clock.advance(60 * DAY)
    parser, inner = world.nexuses["Parser"].id, world.nexuses["Inner"].id
    assert world.read(lambda unit: overdue(unit, parser, "*", 30)) == (0, 2)
    assert world.read(lambda unit: overdue(unit, inner, "need", 30)) == (0, 1)
    assert world.read(lambda unit: overdue(unit, parser, "offer", 30)) == (0, 0)
    assert world.read(lambda unit: overdue(unit, parser, "*", None)) == (0, 0)
    world.write(lambda unit: set_retention(unit, inner, "need", FOR_EVER, by=1))
    assert world.read(lambda unit: overdue(unit, parser, "*", 30)) == (0, 1)
    world.write(lambda unit: set_retention(unit, parser, "*", 30, by=1))
    assert world.read(lambda unit: overdue(unit, inner, "need", None)) == (0, 1)


def test_it_is_shown_with_who_decided(world: World) -> None:
    keep(world, "90 days", kind="need")
    keep(world, "for ever", kind="offer", nexus="Inner", who="Ida")
    lines = [line.sentence for line in world.do("Ida", "retention.show", nexus="Inner").items]
    assert lines == [
        "Needs in Inner are deleted 90 days after they were closed or posted (Parser decided so).",
        "Offers in Inner are kept until their authors close or forget them.",
        "Facts about people in Inner are kept until their authors close or forget them.",
    ]
    with pytest.raises(NotAllowed):
        world.do("Eve", "retention.show", at={"here": "Parser"})
    assert world.read(lambda unit: kept_in(unit, world.nexuses["Home"].id)) == [Kept(k, 0, 0) for k in WRITTEN]


def test_a_nexus_above_is_named_only_to_whom_it_is_known(world: World) -> None:
    world.nexus("Vault", owner="Zoe", door="private")
    world.nexus("Cell", owner="Zoe", parent="Vault", door="open")
    keep(world, "90 days", nexus="Vault", who="Zoe")
    world.join("Ben", "Cell")
    nobody = Audience(AudienceKind.PUBLIC)
    for at in ({}, {"audience": nobody}):
        lines = world.do("Ben", "retention.show", nexus="Cell", at=at).items
        assert lines[0].sentence.startswith("Needs in Cell are deleted 90 days after")
    assert "Vault" not in repr(world.do("Ben", "retention.show", nexus="Cell", at={"audience": nobody}))


def test_much_goes_in_many_small_steps(world: World) -> None:
    ben, parser = world.id_of("Ben"), world.nexuses["Parser"].id
    many = BATCH * 2 + 50

    def fill(unit: Unit) -> None:
        for number in range(many):
            add_record(unit, "need", nexus_id=parser, author_id=ben, body=f"need {number}")

    world.write(fill)
    keep(world, "14 days")
    world.clock.advance(14 * DAY)
    steps = 0
    while world.write(sweep):
        steps += 1
        assert steps < 10
    assert steps == 2
    assert len(told(world)) == 3
    world.clock.advance(NOTICE)
    assert [world.write(sweep) for _ in range(3)] == [True, True, False]
    assert {state for _, state in states(world)} == {"removed"}


def test_what_is_remembered_of_closed_things_goes(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "need.post", text="a lamp")
    keep(world, "30 days")
    day_by_day(world, 24)
    world.do("Ben", "need.close", need="desk")
    world.write(tidy)
    assert len(world.read(lambda unit: unit.rows(select(renewal)))) == 1


def test_notices_go_with_what_they_announced(world: World) -> None:
    world.do("Ben", "need.post", text="purple elephant")
    keep(world, "30 days")
    day_by_day(world, 23)
    rows = world.read(lambda unit: unit.rows(select(notice)))
    world.write(lambda unit: notices.settle(unit, rows[0]["id"], "given"))
    world.write(notices.forget_old)
    assert len(told(world)) == 1
    world.clock.advance(NOTICE + 1)
    swept(world)
    assert world.write(notices.forget_old) == 1
    assert "elephant" not in repr(world.dump())


@pytest.mark.parametrize("things", ["=1", "nonsense", "=", "#k7m2p"])
def test_the_button_behind_keeping_takes_no_nonsense(world: World, things: str) -> None:
    world.do("Ana", "need.post", text="a desk")
    with pytest.raises((Conflict, NotFound)):
        world.do("Ben", "retention.keep", things=things, at={"origin": Origin.CLI})
    assert world.read(lambda unit: unit.rows(select(renewal))) == []
