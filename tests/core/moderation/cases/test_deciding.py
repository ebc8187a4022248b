"""Deciding about people: what is written, told and queued, whom one may act on, points, the ladder, ends, limits."""

from typing import Any

import pytest

from core.clock import DAY, HOUR, MINUTE
from core.errors import LimitReached, Missing, NotAllowed, NotFound
from core.moderation.cases import undo
from core.moderation.cases.cases import FADES, points_of
from core.moderation.cases.decide import next_step
from core.moderation.person_operations import OUT
from core.nexuses.members import keep_out, leave, lift, roles_here
from core.nexuses.tables import membership
from core.operations import Origin
from core.operations.run import Ask, Done
from core.places.places import Place
from core.quotas.quotas import forget_old
from core.store import Unit
from tests.core.moderation.cases.acting import (
    NUMBERS,
    Chats,
    button,
    case,
    cases,
    group,
    queued,
    server,
    suspended,
    told,
    words,
)
from tests.world import World

SANCTIONS = ("warn", "timeout", "kick", "ban")


def points(world: World, who: str) -> int:
    found: int = world.read(lambda unit: points_of(unit, world.id_of(who), world.nexuses["Parser"].id))
    return found


def labels(done: Any) -> list[str]:
    assert isinstance(done, Done)
    return [one.label for one in done.buttons]


def press(world: World, who: str, done: Any, label: str) -> Any:
    assert isinstance(done, Done)
    return world.press(who, next(one.token for one in done.buttons if one.label == label))


def test_a_warning_is_a_case_with_a_point_and_the_person_is_told(world: World, lobby: Place) -> None:
    done = world.call("Mo", "warn", person="Ben", reason="too loud.", at={"place": lobby})
    assert isinstance(done, Done)
    assert (done.result.number, done.result.kind, done.result.points) == (1, "warn", 1)
    assert not done.result.unreached
    assert labels(done) == ["Undo"]
    found = case(world, 1)
    assert (found.person_id, found.by_id, found.reason) == (world.id_of("Ben"), world.id_of("Mo"), "too loud.")
    assert (found.state, found.points, found.place_id, found.until) == ("standing", 1, lobby.id, None)
    assert found.why.startswith("moderator of ")
    assert queued(world) == []
    (notice,) = told(world, "Ben")
    assert words(notice) == (
        "You were warned in Parser: too loud. If that is wrong, tell me why: another moderator will look at it. "
        "It is case 1."
    )
    assert [name for name, _, _ in notice["buttons"]] == ["Appeal"]


def test_a_timeout_has_an_end_and_an_hour_is_meant_where_none_is_said(world: World, lobby: Place, chats: Chats) -> None:
    now = world.clock.now()
    world.do("Mo", "timeout", person="Ben", at={"place": lobby})
    world.do("Mo", "timeout", person="Tim", duration="2h", reason="spam", at={"place": lobby})
    assert [case(world, n).until for n in (1, 2)] == [now + HOUR, now + 2 * HOUR]
    assert queued(world) == [("timeout", NUMBERS["Ben"], "-Lobby"), ("timeout", NUMBERS["Tim"], "-Lobby")]
    assert told(world, "Tim") == []
    chats.carry()
    assert "You can read but not write in Parser until Thu 1 Jan 2026, 02:00 UTC: spam." in words(told(world, "Tim")[0])
    assert chats.muted == {("telegram", "", "-Lobby", NUMBERS["Ben"]): now + HOUR} | {
        ("telegram", "", "-Lobby", NUMBERS["Tim"]): now + 2 * HOUR
    }


def test_a_removed_person_may_come_back_and_loses_no_membership(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "kick", person="Ben", reason="rude", at={"place": lobby})
    assert queued(world) == [("kick", NUMBERS["Ben"], "-Lobby")]
    assert not suspended(world, "Ben")
    chats.carry()
    assert "You were removed from Parser: rude." in words(told(world, "Ben")[0])


def test_a_ban_is_carried_out_wherever_the_nexus_is_on_that_platform(world: World, lobby: Place, chats: Chats) -> None:
    group(world, "Annex")
    group(world, "Elsewhere", "Home")
    server(world, "general")
    world.do("Mo", "ban", person="Ben", duration="7d", reason="spam", at={"place": lobby})
    assert queued(world) == [("ban", NUMBERS["Ben"], "-Lobby"), ("ban", NUMBERS["Ben"], "-Annex")]
    assert suspended(world, "Ben")
    chats.carry()
    (notice,) = told(world, "Ben")
    assert "You are banned from Parser until Thu 8 Jan 2026, 00:00 UTC: spam." in words(notice)


def test_a_server_is_acted_on_as_a_whole_whatever_the_channel(world: World, lobby: Place) -> None:
    here = server(world, "general")
    server(world, "random")
    world.person("Dee", platform="discord", external_id="4444444444")
    world.join("Dee", "Parser")
    world.person("Mo D", platform="discord", external_id="5555555555")
    world.join("Mo D", "Parser", "moderator")
    world.do("Mo D", "ban", person="Dee", at={"place": here})
    assert queued(world) == [("ban", "4444444444", "")]


def test_who_is_banned_cannot_be_let_in_until_it_is_over(world: World, lobby: Place, chats: Chats) -> None:
    code = world.do("Ana", "invite.create", uses=5).code
    world.do("Mo", "ban", person=NUMBERS["Eve"], duration="1d", at={"place": lobby})
    with pytest.raises(NotFound, match="doesn't open anything"):
        world.do("Eve", "invite.accept", code=code)
    chats.carry()
    chats.later(DAY)
    assert world.write(lambda unit: undo.sweep(unit)) is False
    world.do("Eve", "invite.accept", code=code)
    assert not suspended(world, "Eve")


def test_who_left_and_was_banned_stays_out_of_what_roles_give(world: World, lobby: Place) -> None:
    """What somebody left by their own will stands as it was when a ban is over, and no ban fails for it."""
    world.roles = (("7", "Folk"),)
    here = server(world, "general")
    world.person("Ana D", platform="discord", external_id="1111111111")
    world.join("Ana D", "Parser", "owner")
    world.manages = True
    world.do("Ana D", "place.map", role="Folk", gives="member", at={"place": here})
    parser = world.nexuses["Parser"]
    world.write(lambda unit: leave(unit, world.id_of("Ben"), parser))
    mine = membership.select().where(membership.c.person_id == world.id_of("Ben"))
    (left,) = world.read(lambda unit: unit.rows(mine))
    assert left["state"] == "left"
    world.do("Mo", "ban", person=NUMBERS["Ben"], at={"place": lobby})
    assert suspended(world, "Ben")
    world.do("Mo", "undo", case="1", at={"place": lobby, "origin": Origin.CLI})
    assert world.read(lambda unit: unit.rows(mine)) == [left]


def test_kept_out_and_let_in_leaves_no_trace(world: World, lobby: Place) -> None:
    parser, eve = world.nexuses["Parser"].id, world.id_of("Eve")
    before = world.dump()["membership"]

    def unit(unit: Unit) -> None:
        keep_out(unit, eve, parser)
        keep_out(unit, eve, parser)
        lift(unit, eve, parser)

    world.write(unit)
    assert world.dump()["membership"] == before
    held = world.read(lambda unit: roles_here(unit, world.id_of("Sue"), parser))
    world.write(lambda unit: keep_out(unit, world.id_of("Sue"), parser))
    assert world.read(lambda unit: roles_here(unit, world.id_of("Sue"), parser)) == []
    world.write(lambda unit: lift(unit, world.id_of("Sue"), parser))
    assert sorted(world.read(lambda unit: roles_here(unit, world.id_of("Sue"), parser))) == sorted(held)


def test_plain_talk_is_asked_about_first_and_the_card_of_one_moderator_is_nobody_elses(
    world: World, lobby: Place
) -> None:
    asked = world.call("Mo", "ban", person="Ben", at={"place": lobby, "origin": Origin.TALK})
    assert isinstance(asked, Ask)
    assert cases(world) == []
    with pytest.raises(NotAllowed):
        world.press("Max", asked.buttons[0].token, at={"place": lobby})
    world.do("Sue", "role.revoke", person="Mo", role="moderator")
    with pytest.raises(NotAllowed, match="moderator"):
        world.press("Mo", asked.buttons[0].token, at={"place": lobby})
    assert cases(world) == []


def test_points_fade_one_by_one(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    world.do("Mo", "timeout", person="Ben", at={"place": lobby})
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    assert points(world, "Ben") == 6
    found = []
    for _ in range(4):
        world.clock.advance(FADES - MINUTE)
        almost = points(world, "Ben")
        world.clock.advance(MINUTE)
        found.append((almost, points(world, "Ben")))
    assert found == [(6, 3), (3, 1), (1, 0), (0, 0)]


def test_the_ladder_proposes_and_never_acts(world: World, lobby: Place) -> None:
    at = {"place": lobby}
    for _ in range(2):
        assert labels(world.call("Mo", "warn", person="Ben", at=at)) == ["Undo"]
    third = world.call("Mo", "warn", person="Ben", at=at)
    assert labels(third) == ["Time out for a day", "Undo"]
    assert [row["kind"] for row in cases(world)] == ["warn"] * 3
    press(world, "Mo", third, "Time out for a day")
    assert case(world, 4).until == world.clock.now() + DAY
    sixth = world.call("Mo", "warn", person="Ben", at=at)
    assert labels(sixth) == ["Ban for a week", "Undo"]
    press(world, "Mo", sixth, "Ban for a week")
    assert case(world, 6).until == world.clock.now() + 7 * DAY
    assert labels(world.call("Mo", "warn", person="Ben", at=at)) == ["Ban", "Undo"]


@pytest.mark.parametrize(
    ("points", "step"),
    [(0, None), (2, None), (3, ("timeout", DAY)), (4, ("timeout", DAY)), (5, ("ban", 7 * DAY)), (8, ("ban", 0))],
)
def test_the_steps_of_the_ladder(points: int, step: tuple[str, int] | None) -> None:
    found = next_step(points)
    assert (None if found is None else (found.kind, found.length)) == step


def test_a_sanction_ends_by_the_clock_and_not_before(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", duration="1d", at={"place": lobby})
    world.do("Mo", "timeout", person="Tim", duration="2d", at={"place": lobby})
    chats.carry()
    chats.later(DAY - 1)
    world.write(undo.sweep)
    assert suspended(world, "Ben")
    assert queued(world) == []
    chats.later(1)
    world.write(undo.sweep)
    assert not suspended(world, "Ben")
    assert queued(world) == [("unban", NUMBERS["Ben"], "-Lobby")]
    chats.carry()
    chats.later(DAY)
    world.write(undo.sweep)
    assert queued(world) == [("release", NUMBERS["Tim"], "-Lobby")]
    assert [case(world, n).state for n in (1, 2)] == ["lifted"] * 2
    assert [case(world, n).ended_by for n in (1, 2)] == [None] * 2
    assert points(world, "Ben") == 3, "it was right, and it is past"


def test_many_that_are_over_are_ended_in_batches(world: World, lobby: Place) -> None:
    for number in range(5):
        world.do("Mo", "timeout", person=f"7000{number}", duration="1h", at={"place": lobby})
    world.clock.advance(HOUR)
    assert [world.write(lambda unit: undo.sweep(unit, 2)) for _ in range(3)] == [True, True, False]
    assert {row["state"] for row in cases(world)} == {"lifted"}


def test_letting_back_in_ends_every_ban(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    world.do("Mo", "ban", person=NUMBERS["Ben"], duration="7d", at={"place": lobby})
    chats.carry()
    for words_of_others in ("Tim", "Nemo", "=12"):
        with pytest.raises(NotFound):
            world.do("Eve", "cases", person=words_of_others, at={"place": lobby})
    world.do("Max", "unban", person="Ben", reason="was a mistake", at={"place": lobby})  # known by the case alone
    assert [row["state"] for row in cases(world)] == ["lifted", "lifted", "standing"]
    assert not suspended(world, "Ben")
    chats.carry()
    assert chats.banned == {}


def test_who_was_banned_by_hand_is_let_back_in(world: World, lobby: Place) -> None:
    world.suspend("Ben", "Parser")
    world.do("Mo", "unban", person=NUMBERS["Ben"], at={"place": lobby})
    assert queued(world) == [("unban", NUMBERS["Ben"], "-Lobby")]
    assert not suspended(world, "Ben")


def test_what_somebody_above_has_banned_stays_banned(world: World, lobby: Place) -> None:
    world.do("Ana", "ban", person="Ben", at={"place": lobby})
    with pytest.raises(NotAllowed, match="Ana decided that as owner"):
        world.do("Mo", "unban", person=NUMBERS["Ben"], at={"place": lobby})
    assert suspended(world, "Ben")
    assert len(cases(world)) == 1


def test_the_twenty_first_within_an_hour_is_refused(world: World, lobby: Place) -> None:
    assert (OUT.most, OUT.window) == (20, HOUR)
    for number in range(20):
        operation = ("ban", "kick", "unban")[number % 3]
        world.do("Mo", operation, person=f"80{number:04}", at={"place": lobby})
    before = world.dump("quota_use")
    for operation in ("ban", "kick", "unban"):
        for origin in (Origin.COMMAND, Origin.TALK):
            with pytest.raises(LimitReached, match="try again in"):
                world.call("Mo", operation, person="999999", at={"place": lobby, "origin": origin})
    assert world.dump("quota_use") == before
    world.do("Max", "ban", person="999999", at={"place": lobby})
    world.clock.advance(HOUR)
    world.write(forget_old)
    world.do("Mo", "ban", person="999998", at={"place": lobby})


def test_without_an_account_there_it_is_said_and_holds_all_the_same(world: World, lobby: Place) -> None:
    world.person("Tam")
    world.join("Tam", "Parser")
    done = world.call("Mo", "ban", person="Tam", at={"place": lobby})
    assert isinstance(done, Done)
    assert done.result.unreached
    assert queued(world) == []
    assert suspended(world, "Tam")


def test_a_repeated_call_decides_once(world: World, lobby: Place) -> None:
    for _ in range(3):
        world.call("Mo", "ban", person="Ben", at={"place": lobby, "key": "telegram::e1"})
    assert len(cases(world)) == 1
    assert len(queued(world)) == 1


def test_numbers_count_within_each_nexus(world: World, lobby: Place) -> None:
    world.nexus("Other", owner="Eve")
    other = group(world, "Square", "Other")
    for _ in range(3):
        world.do("Mo", "warn", person="Ben", at={"place": lobby})
    world.do("Eve", "warn", person="100005", at={"place": other})
    assert [row["number"] for row in cases(world)] == [1, 2, 3, 1]


def test_the_appeal_on_the_notice_reaches_another_moderator(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    chats.carry()
    token = button(told(world, "Ben")[0], "Appeal")
    with pytest.raises(Missing):
        world.press("Ben", token)
