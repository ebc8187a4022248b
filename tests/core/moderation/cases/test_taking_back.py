"""Undo: everything goes back exactly, once, by whom it may; and what another decision says as well stays."""

from typing import Any

import pytest

from core.clock import DAY, HOUR
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.moderation.cases import acts, undo
from core.moderation.cases.cases import points_of
from core.moderation.cases.tables import mod_act
from core.nexuses.members import join
from core.operations import Origin
from core.operations.run import Ask, Done
from core.places.places import Place
from core.store import Unit
from tests.core.moderation.cases.acting import (
    NUMBERS,
    Chats,
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

BEN = ("telegram", "", "-Lobby", NUMBERS["Ben"])


def points(world: World, who: str) -> int:
    found: int = world.read(lambda unit: points_of(unit, world.id_of(who), world.nexuses["Parser"].id))
    return found


def also(world: World, who: str, done: Any) -> Any:
    """Press "Also on …"."""
    assert isinstance(done, Done)
    return world.press(who, next(one.token for one in done.buttons if one.label.startswith("Also on")))


def linked(world: World, first: str, second: str) -> None:
    """Two accounts become one person's."""
    code = world.do(first, "account.link").code
    asked = world.call(second, "account.link", code=code)
    assert isinstance(asked, Ask)
    world.press(second, asked.buttons[0].token)
    token = next(one for notice in told(world, first) for label, one, _ in notice["buttons"])
    world.press(first, token)


def test_undo_takes_back_the_sanction_the_membership_and_the_points(world: World, lobby: Place, chats: Chats) -> None:
    group(world, "Annex")
    roles = world.dump()["membership"]
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    chats.carry()
    assert len(chats.banned) == 2
    done = world.do("Mo", "undo", case="1", reason="it was Tim", at={"place": lobby})
    assert (done.kind, done.name, done.lasting) == ("ban", "Ben", ())
    assert points(world, "Ben") == 0
    assert world.dump()["membership"] == roles
    assert sorted(queued(world)) == [("unban", NUMBERS["Ben"], "-Annex"), ("unban", NUMBERS["Ben"], "-Lobby")]
    chats.carry()
    assert chats.banned == {}
    found = case(world, 1)
    assert (found.state, found.ended_by) == ("undone", world.id_of("Mo"))
    view = world.do("Mo", "case", case="1")
    assert view.notes == ("Mo: it was Tim",)


def test_the_way_back_carries_the_state_before(world: World, lobby: Place) -> None:
    world.do("Mo", "timeout", person="Ben", at={"place": lobby})
    (row,) = world.read(lambda unit: acts.due(unit, ["telegram"]))
    world.write(lambda unit: acts.prepared(unit, row["id"], {"limits": "no pictures"}, ()))
    world.write(lambda unit: acts.settle(unit, row["id"], "done", "", ()))
    world.do("Mo", "undo", case="1", at={"place": lobby})
    (back,) = world.read(lambda unit: acts.due(unit, ["telegram"]))
    assert (back["power"], back["before"], back["reverses"]) == ("release", {"limits": "no pictures"}, row["id"])


def test_a_removal_cannot_be_taken_back_and_that_is_said(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "kick", person="Ben", at={"place": lobby})
    chats.carry()
    done = world.do("Mo", "undo", case="1", at={"place": lobby})
    assert done.lasting == ("Whoever was removed has to come back by themselves.",)
    assert queued(world) == []
    assert points(world, "Ben") == 0


def test_what_the_platform_refused_has_no_way_back(world: World, lobby: Place) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    (row,) = world.read(lambda unit: acts.due(unit, ["telegram"]))
    world.write(lambda unit: acts.prepared(unit, row["id"], {}, ()))
    world.write(lambda unit: acts.settle(unit, row["id"], "refused", "Ben is an administrator there.", ()))
    assert world.do("Mo", "undo", case="1", at={"place": lobby}).lasting == ()
    assert queued(world) == []
    assert not suspended(world, "Ben")


def test_nothing_is_undone_twice(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    chats.carry()
    world.do("Mo", "undo", case="1", at={"place": lobby})
    chats.carry()
    before = world.dump("quota_use", "effect", "audit")
    for who in ("Mo", "Ana"):
        with pytest.raises(Conflict, match="Case 1 was dealt with already"):
            world.do(who, "undo", case="1", at={"place": lobby})
    assert world.dump("quota_use", "effect", "audit") == before


def test_what_is_over_loses_its_points_by_undo_and_its_end_still_takes_place(
    world: World, lobby: Place, chats: Chats
) -> None:
    """The end of the ban is queued, and a slow platform did not do it yet, when the case is undone as well."""
    world.do("Mo", "ban", person="Ben", duration="1h", at={"place": lobby})
    chats.carry()
    world.clock.advance(HOUR)
    world.write(undo.sweep)
    assert queued(world) == [("unban", NUMBERS["Ben"], "-Lobby")]
    world.do("Mo", "undo", case="1", at={"place": lobby})
    assert points(world, "Ben") == 0
    assert queued(world) == [("unban", NUMBERS["Ben"], "-Lobby")]
    chats.carry()
    assert chats.banned == {}


def test_what_somebody_above_decided_stays(world: World, lobby: Place) -> None:
    world.do("Sue", "ban", person="Ben", at={"place": lobby})
    for origin in (Origin.COMMAND, Origin.TALK, Origin.CLI):
        with pytest.raises(NotAllowed, match="Sue decided that as steward"):
            world.call("Mo", "undo", case="1", at={"place": lobby, "origin": origin})
    assert suspended(world, "Ben")
    world.do("Ana", "undo", case="1", at={"place": lobby})
    world.do("Mo", "ban", person="Tim", at={"place": lobby})
    world.do("Max", "undo", case="2", at={"place": lobby})
    assert not suspended(world, "Tim")


def test_who_lost_the_role_stands_no_longer_above(world: World, lobby: Place) -> None:
    world.do("Sue", "ban", person="Ben", at={"place": lobby})
    world.do("Ana", "role.revoke", person="Sue", role="steward")
    world.do("Mo", "undo", case="1", at={"place": lobby})
    assert not suspended(world, "Ben")


def test_who_became_another_number_is_still_the_one_who_decided(world: World, lobby: Place) -> None:
    """Sue links another account after she decided: her rank still protects what she decided."""
    world.do("Sue", "ban", person="Ben", at={"place": lobby})
    world.person("Sue too")
    linked(world, "Sue", "Sue too")
    with pytest.raises(NotAllowed, match="decided that as steward"):
        world.do("Mo", "undo", case="1", at={"place": lobby})


def test_some_decisions_are_not_undone_this_way(world: World, lobby: Place) -> None:
    world.do("Mo", "unban", person=NUMBERS["Ben"], at={"place": lobby})
    world.do("Mo", "lock", at={"place": lobby})
    world.do("Mo", "unlock", at={"place": lobby})
    world.do("Tim", "report", reason="noise", at={"place": lobby})
    for number in ("1", "3"):
        with pytest.raises(NotAllowed, match="ban or lock once more"):
            world.do("Mo", "undo", case=number, at={"place": lobby})
    with pytest.raises(BadInput, match="Case 4 is a report"):
        world.do("Mo", "undo", case="4", at={"place": lobby})
    assert case(world, 4).state == "open"


def test_of_two_bans_none_is_ended_by_the_other_ones_end(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", duration="1h", at={"place": lobby})
    world.do("Max", "ban", person=NUMBERS["Ben"], at={"place": lobby})
    chats.carry()
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert suspended(world, "Ben")
    assert BEN in chats.banned
    world.do("Max", "undo", case="2", at={"place": lobby})
    chats.carry()
    assert not suspended(world, "Ben")
    assert chats.banned == {}


@pytest.mark.parametrize("how", ["end", "undo"])
def test_a_shorter_decision_does_not_shorten_the_longer(world: World, lobby: Place, chats: Chats, how: str) -> None:
    """The platform was told the newer, shorter end; when that is past, the older decision is carried out again."""
    world.do("Mo", "timeout", person="Ben", duration="1d", at={"place": lobby})
    chats.carry()
    until = case(world, 1).until
    world.do("Max", "timeout", person="Ben", duration="1h", at={"place": lobby})
    chats.carry()
    assert chats.muted[BEN] == world.clock.now() + HOUR
    if how == "end":
        chats.later(HOUR)
        world.write(undo.sweep)
    else:
        world.do("Max", "undo", case="2", at={"place": lobby})
    assert queued(world) == [("timeout", NUMBERS["Ben"], "-Lobby")]
    chats.carry()
    assert chats.muted == {BEN: until}
    chats.later(DAY)
    world.write(undo.sweep)
    chats.carry()
    assert chats.muted == {}
    assert queued(world) == []


def test_one_server_of_two_nexuses_is_left_when_both_say_so(world: World, lobby: Place, chats: Chats) -> None:
    """A sub-Nexus in the same server: the end of its ban lets nobody back in whom the other Nexus keeps out."""
    world.nexus("Inner", parent="Parser")
    here, inner = server(world, "general"), server(world, "inner", "Inner")
    world.person("Mo D", platform="discord", external_id="5555555555")
    for nexus in ("Parser", "Inner"):
        world.join("Mo D", nexus, "moderator", here=False)
    world.do("Mo D", "ban", person="4444444444", at={"place": here})
    world.do("Mo D", "ban", person="4444444444", duration="1h", at={"place": inner})
    chats.carry()
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    whom = ("discord", "guild", "", "4444444444")
    assert chats.banned == {whom: 0}
    world.do("Mo D", "undo", case="1", at={"place": here})
    chats.carry()
    assert chats.banned == {}


def both(world: World) -> None:
    """Ben on Discord as well, and moderators there."""
    world.person("Ben D", platform="discord", external_id="4444444444", username="ben_d")
    world.person("Mo D", platform="discord", external_id="5555555555")
    linked(world, "Ben", "Ben D")
    linked(world, "Mo", "Mo D")


def test_the_same_is_proposed_for_the_persons_other_accounts_and_undone_everywhere(
    world: World, lobby: Place, chats: Chats
) -> None:
    server(world, "general")
    both(world)
    done = world.call("Mo", "ban", person="Ben", at={"place": lobby})
    assert isinstance(done, Done)
    assert [one.label for one in done.buttons] == ["Also on Discord", "Undo"]
    assert queued(world) == [("ban", NUMBERS["Ben"], "-Lobby")], "proposed, and never applied silently"
    also(world, "Mo", done)
    chats.carry()
    assert set(chats.banned) == {BEN, ("discord", "guild", "", "4444444444")}
    with pytest.raises(Conflict):
        also(world, "Mo", done)
    world.do("Mo", "undo", case="1", at={"place": lobby})
    chats.carry()
    assert chats.banned == {}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_same_is_proposed_for_a_second_account_on_the_same_platform(
    world: World, lobby: Place, chats: Chats
) -> None:
    world.person("Benno", platform="telegram", external_id="100099", username="benno")
    linked(world, "Ben", "Benno")
    done = world.call("Mo", "timeout", person=NUMBERS["Ben"], at={"place": lobby})
    assert isinstance(done, Done)
    assert [one.label for one in done.buttons] == ["Also Benno on Telegram", "Undo"]
    world.press("Mo", done.buttons[0].token)
    chats.carry()
    assert {whom for *_, whom in chats.muted} == {NUMBERS["Ben"], "100099"}
    again = world.call("Mo", "timeout", person="100099", at={"place": lobby})
    assert isinstance(again, Done)
    assert [one.label for one in again.buttons] == ["Also Ben on Telegram", "Undo"]


def test_the_proposal_for_another_account_is_worth_what_its_presser_may(world: World, lobby: Place) -> None:
    server(world, "general")
    both(world)
    done = world.call("Mo", "ban", person="Ben", at={"place": lobby})
    world.do("Ana", "role.revoke", person="Mo", role="moderator")
    with pytest.raises(NotFound):
        also(world, "Mo", done)
    world.do("Ana", "role.grant", person="Mo", role="moderator")
    world.do("Ana", "undo", case="1", at={"place": lobby})
    with pytest.raises(BadInput, match="not open any more"):
        also(world, "Mo", done)


def test_who_was_two_people_when_it_was_decided_is_let_in_as_the_one_they_are(
    world: World, lobby: Place, chats: Chats
) -> None:
    """The case knows the number that Ben had then; he has become part of another person since."""
    world.person("Ben D", platform="discord", external_id="4444444444")
    world.write(lambda unit: join(unit, world.id_of("Ben D"), world.nexuses["Parser"].id, "member", granted_by=1))
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    chats.carry()
    linked(world, "Ben D", "Ben")
    now = world.read(lambda unit: _person(unit, world.person("Ben").account_id))
    assert now == world.id_of("Ben D"), "the other number stands for both"
    assert suspended(world, "Ben D")
    world.do("Mo", "undo", case="1", at={"place": lobby})
    chats.carry()
    assert not suspended(world, "Ben D")
    assert chats.banned == {}


def _person(unit: Unit, account_id: int) -> int:
    from core.people.people import account_of

    return int(account_of(unit, account_id)["person_id"])


def test_bans_on_two_platforms_end_together(world: World, lobby: Place, chats: Chats) -> None:
    """Whoever is kept out by one case is not let in on one platform by the end of the other; at last on both."""
    here = server(world, "general")
    both(world)
    world.do("Mo", "ban", person="Ben", duration="1h", at={"place": lobby})
    world.do("Mo D", "ban", person="4444444444", duration="2h", at={"place": here})
    chats.carry()
    world.clock.advance(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert suspended(world, "Ben")
    assert len(chats.banned) == 2
    world.clock.advance(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert not suspended(world, "Ben")
    assert chats.banned == {}


def test_a_new_ban_is_not_overtaken_by_the_end_of_an_old_one(world: World, lobby: Place, chats: Chats) -> None:
    """The platform makes the end of the first ban wait. The second one waits behind it, and is what holds at last."""
    world.do("Mo", "ban", person="Ben", duration="1h", at={"place": lobby})
    world.do("Mo", "ban", person="Tim", at={"place": lobby})
    chats.carry()
    world.clock.advance(HOUR)
    world.write(undo.sweep)
    (row,) = world.read(lambda unit: acts.due(unit, ["telegram"]))
    world.write(lambda unit: acts.later(unit, row, 30_000, counts=False))
    world.do("Mo", "ban", person=NUMBERS["Ben"], at={"place": lobby})
    world.do("Mo", "undo", case="2", at={"place": lobby})
    assert [one["power"] for one in world.read(lambda unit: acts.due(unit, ["telegram"]))] == ["unban"], "Tim's"
    chats.carry()
    world.clock.advance(30_000)
    chats.carry()
    assert set(chats.banned) == {BEN}
    assert suspended(world, "Ben")


def test_an_open_appeal_is_answered_by_undo(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    world.do("Ben", "appeal", case="1", text="it was Tim")
    told(world, "Ben")
    world.do("Mo", "undo", case="1", reason="it was Tim.", at={"place": lobby})
    (notice,) = told(world, "Ben")
    assert words(notice) == "Case 1 in Parser was taken back and is undone: it was Tim."
    assert world.do("Max", "case", case="1").appeal_state == "overturned"
    with pytest.raises(Conflict, match="No appeal is open"):
        world.do("Max", "uphold", case="1")


def test_undo_of_nothing(world: World, lobby: Place) -> None:
    for number in ("7", "#7", "case 7"):
        with pytest.raises(NotFound, match="I know no case 7 here"):
            world.do("Mo", "undo", case=number, at={"place": lobby})
    assert cases(world) == []
    assert world.read(lambda unit: unit.rows(mod_act.select())) == []
