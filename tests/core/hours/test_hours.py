"""Hours: logged by one, confirmed by the other, counted then; never by one person alone, never twice."""

from typing import Any

import pytest

from core.clock import DAY
from core.errors import Ambiguous, BadInput, Conflict, Missing, NexusError, NotAllowed, NotFound
from core.grants.grants import grant_of, move
from core.grants.states import State
from core.grants.tranches import give_back
from core.hours.hours import MOST_WAITING
from core.ledger.journals import words_of
from core.ledger.tables import journal
from core.ledger.verify import verify
from core.nexuses.members import join
from core.operations import Origin
from core.operations.run import Done
from core.people.people import account_of
from core.store import Unit
from tests.core.hours.helped import accepted_grant, button, minutes, question, said, states, told, words, yes
from tests.core.nexuses.test_tree import together
from tests.core.people.test_linking import link
from tests.world import World

TALK = {"origin": Origin.TALK}


def helped(world: World, who: str = "Tom", whom: str = "Ana", time: str = "2h", **more: Any) -> Any:
    more.setdefault("about", "the parser")
    return world.do(who, "hours.log", person=whom, time=time, **more)


def revoke(unit: Unit, grant_id: int) -> None:
    found = grant_of(unit, grant_id, locked=True)
    give_back(unit, found, 0)
    move(unit, grant_of(unit, grant_id, locked=True), State.REVOKED)


def sound(world: World) -> None:
    assert not world.read(lambda unit: verify(unit)).problems


def test_the_card_repeats_what_was_understood(world: World) -> None:
    asked = world.call(
        "Tom", "hours.log", person="Ana", time="1.5 hours", about="the  parser", day="yesterday", at=TALK
    )
    assert question(asked) == ("Log 1h30 that you gave Ana on 31 Dec 2025, for “the parser”? Ana has to confirm it.")
    done = world.press("Tom", yes(asked))
    assert isinstance(done, Done)
    assert said(done).startswith(f"Logged as #{done.result.handle}: 1h30 from you to Ana on 31 Dec 2025.")
    other = world.call("Ana", "hours.log", person="me", by="Tom", time="45m", about="tests", at=TALK)
    assert question(other) == "Log 45m that Tom gave you on 1 Jan 2026, for “tests”? Tom has to confirm it."


def test_what_the_giver_logs_the_helped_person_confirms_and_it_counts_once(world: World) -> None:
    helped(world)
    (notice,) = told(world, "Ana")
    assert words(notice) == (
        "Tom says they gave you 2h on 1 Jan 2026, for “the parser”. Is that right? It counts once you say so."
    )
    assert minutes(world, "Tom", "Ana") == (0, 0)
    done = world.press("Ana", button(notice, "Confirm"))
    assert said(done) == "Counted: 2h from Tom to Ana on 1 Jan 2026. Thank you."
    assert minutes(world, "Tom", "Ana") == (120, 120)
    assert states(world) == ["confirmed"]
    (back,) = told(world, "Tom")
    assert "Ana confirmed it: 2h from Tom to Ana" in words(back)
    for label in ("Confirm", "That's not right"):
        with pytest.raises(Conflict, match="already decided"):
            world.press("Ana", button(notice, label))
    with pytest.raises(Conflict, match="counts already"):
        world.do("Ana", "hours.confirm", entry="the parser")
    assert minutes(world, "Tom", "Ana") == (120, 120)
    row = world.read(lambda unit: unit.row(journal.select()))
    assert (row["kind"], row["cause"], row["day"]) == ("hours", "hours", world.clock.now())
    assert world.read(lambda unit: words_of(unit, row["id"])).memo == "the parser"
    sound(world)


def test_what_the_helped_person_logs_the_giver_confirms(world: World) -> None:
    made = world.do("Ana", "hours.log", person="me", by="Tom", time="90m", about="the parser")
    assert (made.who, made.whom, made.other) == ("Tom", "you", "Tom")
    assert told(world, "Ana") == []
    (notice,) = told(world, "Tom")
    assert words(notice).startswith("Ana says you gave them 1h30 on 1 Jan 2026")
    with pytest.raises(NotAllowed, match="You logged that yourself, so Tom has to say"):
        world.do("Ana", "hours.confirm", entry=made.handle)
    assert isinstance(world.press("Tom", button(notice, "Confirm")), Done)
    assert minutes(world, "Tom", "Ana") == (90, 90)


def test_nobody_else_confirms_or_even_learns_of_it(world: World) -> None:
    made = helped(world)
    (notice,) = told(world, "Ana")
    for who in ("Ben", "Eve"):
        for name in ("hours.confirm", "hours.dispute", "hours.withdraw"):
            refusals = set()
            for reference in (f"#{made.handle}", f"={made.entry_id}", "#zz9zz", "=1"):
                with pytest.raises(NotFound) as refusal:
                    world.do(who, name, entry=reference)
                refusals.add(refusal.value.message.replace(reference, "X"))
            assert refusals == {"I know no hours of yours that fit “X”."}
        with pytest.raises(NotAllowed):
            world.press(who, button(notice, "Confirm"))
    with pytest.raises(NotAllowed):
        world.do("Tom", "hours.confirm", entry=made.handle)
    with pytest.raises(NotAllowed, match="Only Tom"):
        world.do("Ana", "hours.withdraw", entry=made.handle)
    with pytest.raises(NotAllowed, match="Tom or Ana could tell me"):
        world.do("Ben", "hours.log", person="Ana", by="Tom", time="2h", about="the parser")
    assert states(world) == ["logged"]


def test_one_needs_to_know_who_helped(world: World) -> None:
    with pytest.raises(Missing) as missing:
        world.do("Ana", "hours.log", person="me", time="2h", about="the parser")
    assert missing.value.data["names"] == ["by"]


def test_two_accounts_of_one_person_are_no_two_people_neither_linked_nor_later(world: World) -> None:
    world.person("Second", platform="telegram")
    world.join("Second", "Parser")
    made = helped(world, "Tom", "Second")
    (notice,) = told(world, "Second")
    link(world, "Tom", "Second")
    for press in (
        lambda: world.press("Second", button(notice, "Confirm")),
        lambda: world.do("Tom", "hours.confirm", entry=made.handle),
        lambda: helped(world, "Tom", "me", by="me"),
    ):
        with pytest.raises(BadInput, match="between two people"):
            press()
    world.do("Tom", "account.unlink", account="telegram")
    alone = world.read(lambda unit: account_of(unit, world.person("Second").account_id)["person_id"])
    world.write(lambda unit: join(unit, alone, world.nexuses["Parser"].id, "member", granted_by=alone))
    with pytest.raises(BadInput, match="between two people"):
        helped(world, "Tom", f"={alone}")
    assert states(world) == ["logged"]
    assert minutes(world, "Tom", "Second") == (0, 0)


def test_all_who_speak_from_one_terminal_are_one_person(world: World) -> None:
    world.person("Otto", platform="telegram")
    helped(world)
    (notice,) = told(world, "Ana")
    world.store.pictures.clear()  # a store that is not for show
    with pytest.raises(BadInput, match="between two people"):
        world.press("Ana", button(notice, "Confirm"))
    with pytest.raises(BadInput, match="between two people"):
        helped(world, whom="Ben")
    world.join("Otto", "Parser")
    helped(world, whom="Otto")
    world.do("Otto", "hours.confirm", entry="it")
    assert states(world) == ["logged", "confirmed"]


def test_what_became_of_one_person_before_is_confirmed_by_whoever_they_are_now(world: World) -> None:
    world.person("Ana T", platform="telegram")
    made = helped(world)
    (notice,) = told(world, "Ana")
    link(world, "Ana", "Ana T")
    assert isinstance(world.press("Ana T", button(notice, "Confirm")), Done)
    assert world.do("Ana T", "hours.list").got == "2h"
    assert minutes(world, "Tom", "Ana") == (120, 120)
    with pytest.raises(Conflict):
        world.do("Ana", "hours.confirm", entry=made.handle)


def test_whoever_is_asked_can_say_that_it_is_not_right_and_the_other_puts_it_right(world: World) -> None:
    made = helped(world, time="20h")
    (notice,) = told(world, "Ana")
    asked = world.call("Ana", "hours.dispute", entry="Tom", reason="it was 2h", at=TALK)
    assert question(asked) == "Say that 20h from Tom to Ana on 1 Jan 2026 is not right? I tell Tom."
    assert isinstance(world.press("Ana", yes(asked)), Done)
    (back,) = told(world, "Tom")
    assert words(back) == (
        "Ana says that 20h from Tom to Ana on 1 Jan 2026 is not right: “it was 2h”. It does not count.\n"
        f"You can take it back (#{made.handle}) and log it anew."
    )
    with pytest.raises(Conflict, match="said to be wrong already"):
        world.press("Ana", button(notice, "That's not right"))
    assert isinstance(world.press("Tom", button(back, "Take it back")), Done)
    assert "Tom took this back: 20h" in words(told(world, "Ana")[0])
    with pytest.raises(Conflict, match="taken back, so it does not count"):
        world.press("Ana", button(notice, "Confirm"))
    helped(world, time="2h")
    world.do("Ana", "hours.confirm", entry="it")
    assert states(world) == ["withdrawn", "confirmed"]
    assert minutes(world, "Tom", "Ana") == (120, 120)


def test_a_button_needs_no_reason_and_one_may_still_confirm_after_all(world: World) -> None:
    helped(world)
    (notice,) = told(world, "Ana")
    assert isinstance(world.press("Ana", button(notice, "That's not right")), Done)
    assert "Ana can tell you what was wrong." in words(told(world, "Tom")[0])
    world.do("Ana", "hours.confirm", entry="it")
    assert states(world) == ["confirmed"]


def test_a_fresh_entry_can_be_taken_back_at_once(world: World) -> None:
    done = world.call("Tom", "hours.log", person="Ana", time="2h", about="the parser")
    assert isinstance(done, Done)
    assert [one.label for one in done.buttons] == ["Take it back"]
    assert isinstance(world.press("Tom", done.buttons[0].token), Done)
    assert states(world) == ["withdrawn"]
    with pytest.raises(Conflict, match="taken back"):
        world.do("Ana", "hours.confirm", entry=done.result.handle)


def test_a_day_has_24_hours_for_a_giver_whoever_was_helped(world: World) -> None:
    with pytest.raises(BadInput, match="A day has 24h, and 24h01 is more"):
        helped(world, time="24h 1m")
    helped(world, whom="Ana", time="20h")
    with pytest.raises(BadInput, match="more than 24h in one day"):
        helped(world, whom="Ben", time="4h 1m")
    helped(world, whom="Ben", time="4h")
    helped(world, whom="Ben", time="24h", day="yesterday")
    for day in ("tomorrow", "2026-01-02", "3 Jan 2026"):
        with pytest.raises(BadInput):
            helped(world, day=day)
    assert states(world) == ["logged"] * 3


def test_what_others_were_given_is_told_to_the_giver_alone(world: World) -> None:
    helped(world, whom="Ben", time="20h")
    world.do("Ana", "hours.log", person="me", by="Tom", time="5h", about="the parser")  # says nothing about Ben's
    with pytest.raises(BadInput, match="more than 24h in one day"):
        world.do("Ana", "hours.log", person="me", by="Tom", time="19h 30m", about="the lexer")  # her own two
    with pytest.raises(BadInput, match="more than 24h in one day"):
        world.do("Tom", "hours.confirm", entry="the parser")
    world.do("Tom", "hours.withdraw", entry="Ben")
    world.do("Tom", "hours.confirm", entry="the parser")


def test_the_same_is_not_logged_twice_and_nobody_is_flooded(world: World) -> None:
    made = helped(world)
    with pytest.raises(Conflict, match=f"Exactly that is logged already \\(#{made.handle}\\)"):
        helped(world)
    world.do("Tom", "hours.withdraw", entry=made.handle)
    for number in range(MOST_WAITING):
        helped(world, time="10m", about=f"piece {number}")
    with pytest.raises(Conflict, match="Ana has 20 of yours to look at already"):
        helped(world, time="10m", about="one piece more")
    helped(world, whom="Ben", time="10m")


def test_a_redelivered_message_logs_once(world: World) -> None:
    at = {"key": "telegram:7:1"}
    helped(world, at=at)
    again = world.call("Tom", "hours.log", person="Ana", time="2h", about="the parser", at=at)
    assert isinstance(again, Done)
    assert again.repeated
    assert states(world) == ["logged"]
    assert len(told(world, "Ana")) == 1


def test_what_moves_no_clock_is_read_by_the_field_alone(world: World) -> None:
    for time in ("500 EUR", "0h", "-2h", "two", "1.500h"):
        with pytest.raises(BadInput):
            helped(world, time=time)
    with pytest.raises(BadInput):
        helped(world, about=" ")
    assert states(world) == []


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_both_answers_at_the_same_moment_have_one_effect(world: World) -> None:
    for number in range(6):
        made = helped(world, time="10m", about=f"piece {number}")
        notice = next(one for one in told(world, "Ana") if one["buttons"])
        confirm, other = button(notice, "Confirm"), button(notice, "That's not right")
        outcomes = together(
            lambda token=confirm: world.press("Ana", token),
            lambda token=confirm: world.press("Ana", token),
            lambda token=other: world.press("Ana", token),
            lambda made=made: world.do("Ana", "hours.confirm", entry=made.handle),
            lambda made=made: world.do("Tom", "hours.withdraw", entry=made.handle),
        )
        assert any(not isinstance(outcome, NexusError) for outcome in outcomes)
        assert all(
            isinstance(outcome, Conflict | NotAllowed) for outcome in outcomes if isinstance(outcome, NexusError)
        )
    counted = states(world).count("confirmed")
    assert minutes(world, "Tom", "Ana") == (10 * counted, 10 * counted)
    assert world.read(lambda unit: len(unit.rows(journal.select()))) == counted
    sound(world)


def test_a_giver_who_logs_at_the_same_moment_has_no_longer_a_day(world: World) -> None:
    outcomes = together(
        *(lambda whom=whom: helped(world, whom=whom, time="13h") for whom in ("Ana", "Ben")),
    )
    assert sorted(isinstance(outcome, BadInput) for outcome in outcomes) == [False, True]
    assert states(world) == ["logged"]


def test_hours_of_a_grant_go_to_its_recipient_and_count_with_it(world: World) -> None:
    grant = accepted_grant(world, "Ana")
    for reason, arguments in (
        ("not for Ben", {"whom": "Ben", "grant": f"={grant.id}"}),
        ("another Nexus", {"grant": f"={grant.id}", "nexus": "Home"}),
    ):
        world.join("Tom", "Home", here=False)
        with pytest.raises(BadInput, match=reason):
            helped(world, **arguments)
    asked = world.call("Tom", "hours.log", person="Ana", time="2h", about="tests", grant=f"={grant.id}", at=TALK)
    assert "for “tests”, as part of the grant “a parser”?" in question(asked)
    world.press("Tom", yes(asked))
    world.do("Ana", "hours.confirm", entry="tests")
    assert minutes(world, "Tom", "Ana") == (120, 120)
    assert world.do("Ana", "hours.list", grant=f"={grant.id}").got == "2h"
    helped(world, grant=f"={grant.id}")
    world.write(lambda unit: revoke(unit, grant.id))
    with pytest.raises(BadInput, match="That grant is revoked"):
        helped(world, about="more", grant=f"={grant.id}")
    world.do("Ana", "hours.confirm", entry="the parser")  # the time was given all the same
    assert minutes(world, "Tom", "Ana") == (240, 240)
    sound(world)


def test_confirmed_hours_use_up_what_a_grant_promised_and_complete_it(world: World) -> None:
    grant = accepted_grant(world, "Ana")  # ten hours
    for time, state in (("4h", "active"), ("8h", "completed")):  # two more than were promised count as well
        helped(world, time=time, about=f"another {time}", grant=f"={grant.id}", day="yesterday")
        world.do("Ana", "hours.confirm", entry="it")
        assert world.read(lambda unit: grant_of(unit, grant.id)).state == state
    assert minutes(world, "Tom", "Ana") == (720, 720)
    days = {row["day"] for row in world.read(lambda unit: unit.rows(journal.select()))}
    assert days == {world.clock.now() - DAY}
    assert world.do("Ana", "hours.list", grant=f"={grant.id}").got == "12h"
    sound(world)


def test_several_that_fit_are_asked_about_and_names_find_them(world: World) -> None:
    first, second = helped(world), helped(world, about="the lexer", day="yesterday")
    with pytest.raises(Ambiguous, match=f"#{first.handle} 2h, Tom: the parser; #{second.handle} 2h, Tom: the lexer"):
        world.do("Ana", "hours.confirm", entry="Tom")
    assert world.do("Ana", "hours.confirm", entry="lexer").handle == second.handle
    assert world.do("Ana", "hours.confirm", entry="Tom's").handle == first.handle
    with pytest.raises(NotFound):
        world.do("Ana", "hours.confirm", entry="designers")


def test_who_was_forgotten_meanwhile_is_told_nothing_and_counts_for_nobody(world: World) -> None:
    made = helped(world)
    told(world, "Ana")
    world.do("Tom", "my.forget", what="everything")
    with pytest.raises(NexusError):
        world.do("Ana", "hours.confirm", entry=made.handle)
    assert states(world) == ["withdrawn"]


def test_members_log_and_strangers_do_not(world: World) -> None:
    world.join("Gus", "Parser", "guest")
    for who in ("Gus", "Zed"):
        with pytest.raises(NotAllowed):
            world.do(who, "hours.log", person="Ana", time="2h", about="the parser", at={"here": "Parser"})
    world.do("Ana", "hours.log", person="me", by="Gus", time="1h", about="the parser")
    world.do("Gus", "hours.confirm", entry="it")  # a guest has given time, too
    assert minutes(world, "Gus", "Ana") == (60, 60)


def test_the_clock_does_not_matter_for_what_is_logged_late(world: World) -> None:
    helped(world, day="2025-11-30")
    world.clock.advance(40 * DAY)
    (notice,) = told(world, "Ana")
    with pytest.raises(Conflict, match="run out"):
        world.press("Ana", button(notice, "Confirm"))
    world.do("Ana", "hours.confirm", entry="it")
    day = world.read(lambda unit: unit.row(journal.select()))["day"]
    assert day == world.clock.now() - 40 * DAY - 32 * DAY
