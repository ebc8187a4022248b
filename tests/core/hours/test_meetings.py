"""Office hours: offered, booked by one, cancelled by either, and afterwards one word that counts or does not."""

from typing import Any

import pytest

from core.clock import DAY, HOUR, MINUTE
from core.errors import Ambiguous, BadInput, Conflict, NexusError, NotAllowed, NotFound
from core.hours.sweep import sweep
from core.ledger.verify import verify
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Done
from tests.core.hours.helped import button, meetings, minutes, question, states, told, words, yes
from tests.core.nexuses.test_tree import together
from tests.core.people.test_linking import link
from tests.world import World

TALK = {"origin": Origin.TALK}
AT = "2 Jan 15:00"  # the clock of tests starts on Thursday, 1 Jan 2026, at 00:00


def offered(world: World, who: str = "Tom", when: str = AT, **more: Any) -> Any:
    return world.do(who, "office.offer", when=when, **more)


def booked(world: World, who: str = "Ben", host: str = "Tom", **more: Any) -> Any:
    made = offered(world, host, **more)
    return world.do(who, "office.book", slot=made.handle)


def over(world: World) -> None:
    """Go to the end of what was booked, and ask."""
    world.clock.advance(DAY + 15 * HOUR + 30 * MINUTE)
    world.write(sweep)


def test_the_card_repeats_when_it_is_and_that_this_is_utc(world: World) -> None:
    asked = world.call("Tom", "office.offer", when="friday 15:00", length="45m", about="parsers", times=3, at=TALK)
    assert question(asked) == (
        "Offer 45m to members of Parser, 3 times, once a week from Fri 2 Jan 2026, 15:00 UTC, for “parsers”?"
    )
    world.clock.advance(HOUR)
    done = world.press("Tom", yes(asked))
    assert isinstance(done, Done)
    assert (done.result.when, done.result.weeks) == ("Fri 2 Jan 2026, 15:00 UTC", 3)
    rows = meetings(world)
    assert [row["starts_at"] - rows[0]["starts_at"] for row in rows] == [0, 7 * DAY, 14 * DAY]
    single = world.call("Tom", "office.offer", when="sat 9:30am", at=TALK)
    assert question(single) == "Offer 30m to members of Parser: Sat 3 Jan 2026, 09:30 UTC?"


def test_a_card_that_is_pressed_too_late_offers_nothing(world: World) -> None:
    asked = world.call("Tom", "office.offer", when="in 1 hour", at=TALK)
    world.clock.advance(HOUR)
    with pytest.raises(BadInput, match="in the past"):
        world.press("Tom", yes(asked))
    assert meetings(world) == []


def test_one_is_at_one_place_at_a_time_and_offers_only_so_much(world: World) -> None:
    made = offered(world, length="1h")
    for when in ("2 Jan 15:30", "2 Jan 14:45", AT):
        with pytest.raises(Conflict, match=rf"at that time already: Fri 2 Jan 2026, 15:00 UTC, 1h \(#{made.handle}\)"):
            offered(world, when=when)
    offered(world, when="2 Jan 16:00")
    offered(world, "Ben", AT)
    for length in ("2m", "9h"):
        with pytest.raises(BadInput, match="5m to 8h"):
            offered(world, when="5 Jan 10:00", length=length)
    for hour in (10, 11):
        offered(world, when=f"5 Jan {hour}:00", times=26)
    with pytest.raises(Conflict, match="more than 60 times"):
        offered(world, when="5 Jan 12:00", times=26)
    with pytest.raises(Conflict):
        world.do("Tom", "office.book", slot="Ben")  # while his own is


def test_members_see_what_can_be_booked_and_nobody_else_does(world: World) -> None:
    made = offered(world, about="parsers")
    offered(world, "Ana", "3 Jan 10:00")
    found = world.do("Ben", "office.list")
    assert [(line.when, line.host, line.text) for line in found.items] == [
        ("Fri 2 Jan 2026, 15:00 UTC", "Tom", "parsers"),
        ("Sat 3 Jan 2026, 10:00 UTC", "Ana", ""),
    ]
    assert [line.host for line in world.do("Ben", "office.list", person="Ana").items] == ["Ana"]
    assert [line.handle for line in world.do("Tom", "office.list").mine] == [made.handle]
    inside = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)
    assert world.do("Tom", "office.list", at={"audience": inside}).mine == ()
    assert len(world.do("Tom", "office.list", at={"audience": inside}).items) == 2
    anybody = Audience(AudienceKind.PEOPLE, people=(0, world.id_of("Ben")))
    with pytest.raises(NotAllowed, match="Ask me in a direct message"):
        world.do("Ben", "office.list", at={"audience": anybody})
    world.join("Gus", "Parser", "guest")
    for who in ("Eve", "Zed", "Gus"):
        with pytest.raises(NotAllowed):
            world.do(who, "office.list", nexus="here", at={"here": "Parser"})
        refusals = set()
        for reference in (made.handle, "#zz9zz"):
            with pytest.raises((NotFound, NotAllowed)) as refusal:
                world.do(who, "office.book", slot=reference)
            refusals.add(refusal.value.message.replace(reference, "X"))
        assert len(refusals) == 1


def test_a_booking_tells_the_host_and_reminds_both_once(world: World) -> None:
    asked = world.call("Ben", "office.book", slot=offered(world, about="parsers").handle, at=TALK)
    assert question(asked) == "Book 30m with Tom, Fri 2 Jan 2026, 15:00 UTC, for “parsers”?"
    done = world.press("Ben", yes(asked))
    assert isinstance(done, Done)
    assert [one.label for one in done.buttons] == ["Cancel it"]
    (notice,) = told(world, "Tom")
    assert words(notice) == "Ben has booked your office hour: Fri 2 Jan 2026, 15:00 UTC, 30m."
    world.clock.advance(DAY + 14 * HOUR - 1)
    assert not world.write(sweep)
    assert told(world, "Tom") + told(world, "Ben") == []
    world.clock.advance(1)
    for _ in range(3):
        world.write(sweep)
    assert [words(one) for one in told(world, "Tom")] == [
        "Coming up: your meeting with Ben, Fri 2 Jan 2026, 15:00 UTC, 30m."
    ]
    assert [words(one) for one in told(world, "Ben")] == [
        "Coming up: your meeting with Tom, Fri 2 Jan 2026, 15:00 UTC, 30m."
    ]


def test_what_is_booked_shortly_before_needs_no_reminder(world: World) -> None:
    made = offered(world)
    world.clock.advance(DAY + 14 * HOUR + 20 * MINUTE)
    world.do("Ben", "office.book", slot=made.handle)
    told(world, "Tom")
    world.write(sweep)
    assert told(world, "Tom") + told(world, "Ben") == []


def test_only_one_of_several_books_a_time(world: World) -> None:
    guests = ["Ana", "Ben", "Cara", "Dan"]
    for who in guests[2:]:
        world.join(who, "Parser")
    for number in range(3):
        made = offered(world, when=f"{number + 2} Jan 15:00")
        outcomes = together(
            *(lambda who=who, made=made: world.do(who, "office.book", slot=made.handle) for who in guests)
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, NexusError)]
        assert len(refused) == len(guests) - 1
        assert all("Somebody was faster" in refusal.message for refusal in refused)
    assert [row["state"] for row in meetings(world)] == ["booked"] * 3
    assert len(told(world, "Tom")) == 3


def test_nobody_books_their_own_or_one_twice_or_over_another(world: World) -> None:
    made = offered(world)
    with pytest.raises(Conflict, match="your own office hour"):
        world.do("Tom", "office.book", slot=made.handle)
    world.do("Ben", "office.book", slot=made.handle)
    with pytest.raises(Conflict, match="booked that already"):
        world.do("Ben", "office.book", slot=made.handle)
    offered(world, "Ana", "2 Jan 15:15")
    with pytest.raises(Conflict, match="at that time already"):
        world.do("Ben", "office.book", slot="Ana")
    world.clock.advance(3 * DAY)
    with pytest.raises(NotFound):
        world.do("Ben", "office.book", slot="Ana")


def test_two_accounts_of_one_person_do_not_book_each_other(world: World) -> None:
    world.person("Tom T", platform="telegram")
    world.join("Tom T", "Parser")
    made = offered(world)
    world.do("Tom T", "office.book", slot=made.handle)
    link(world, "Tom", "Tom T")
    over(world)
    for who in ("Tom", "Tom T"):
        with pytest.raises(BadInput, match="between two people"):
            world.do(who, "office.kept", slot=made.handle)
    assert states(world) == []


def test_a_guest_who_cancels_frees_the_time_and_the_host_is_told(world: World) -> None:
    made = booked(world)
    told(world, "Tom")
    asked = world.call("Ben", "office.cancel", slot="Tom", at=TALK)
    assert question(asked) == "Cancel your meeting with Tom, Fri 2 Jan 2026, 15:00 UTC? I tell them."
    done = world.press("Ben", yes(asked))
    assert isinstance(done, Done)
    assert done.result.outcome == "open"
    (notice,) = told(world, "Tom")
    assert words(notice) == "Ben can't make it: your office hour of Fri 2 Jan 2026, 15:00 UTC is free again."
    with pytest.raises(NotFound):
        world.do("Ben", "office.cancel", slot=made.handle)
    world.do("Ana", "office.book", slot=made.handle)
    over(world)
    assert [words(one) for one in told(world, "Ben")] == []


def test_a_host_who_cancels_ends_it_and_the_guest_is_told(world: World) -> None:
    made = booked(world)
    (notice,) = told(world, "Tom")
    assert isinstance(world.press("Tom", button(notice, "Cancel it")), Done)
    assert [words(one) for one in told(world, "Ben")] == [
        "Tom can't make it: your meeting of Fri 2 Jan 2026, 15:00 UTC is cancelled."
    ]
    with pytest.raises(Conflict, match="cancelled already"):
        world.do("Ben", "office.cancel", slot=made.handle)
    over(world)
    assert told(world, "Tom") + told(world, "Ben") == []
    free = offered(world, when="9 Jan 15:00")
    assert world.do("Tom", "office.cancel", slot=free.handle).other == ""
    assert [row["state"] for row in meetings(world)] == ["cancelled", "cancelled"]


def test_both_cancel_at_the_same_moment(world: World) -> None:
    made = booked(world)
    told(world, "Tom")
    together(*(lambda who=who: world.do(who, "office.cancel", slot=made.handle) for who in ("Tom", "Ben")))
    assert meetings(world)[0]["state"] == "cancelled"
    assert len(told(world, "Tom") + told(world, "Ben")) == 1


def test_after_its_end_both_are_asked_once_and_the_guests_yes_counts(world: World) -> None:
    made = booked(world)
    told(world, "Tom")
    with pytest.raises(Conflict, match="That ends at Fri 2 Jan 2026, 15:30 UTC"):
        world.do("Ben", "office.kept", slot=made.handle)
    over(world)
    world.write(sweep)
    (host,), (guest,) = told(world, "Tom"), told(world, "Ben")
    assert words(guest) == (
        "Your meeting with Tom (Fri 2 Jan 2026, 15:00 UTC) is over. Did it take place? Your yes counts 30m that Tom "
        "gave."
    )
    assert words(host).endswith("Did it take place? Then I ask Ben to confirm 30m.")
    done = world.press("Ben", button(guest, "Yes, count it"))
    assert isinstance(done, Done)
    assert done.result.counted
    assert minutes(world, "Tom", "Ben") == (30, 30)
    assert [words(one) for one in told(world, "Tom")] == [
        "Ben says that you met on 2 Jan 2026: 30m from you count now. Thank you."
    ]
    for who, notice in (("Tom", host), ("Ben", guest)):
        for _, token, _ in notice["buttons"]:
            with pytest.raises(Conflict):
                world.press(who, token)
    with pytest.raises(Conflict, match="counts already"):
        world.do("Ben", "office.kept", slot=made.handle)
    assert minutes(world, "Tom", "Ben") == (30, 30)
    assert not world.read(lambda unit: verify(unit)).problems


def test_the_hosts_yes_only_asks_the_guest(world: World) -> None:
    made = booked(world, about="parsers")
    over(world)
    host = told(world, "Tom")[-1]
    guest = told(world, "Ben")[-1]
    done = world.press("Tom", button(host, "Yes, it did"))
    assert isinstance(done, Done)
    assert (done.result.counted, done.result.asked) == (False, True)
    assert minutes(world, "Tom", "Ben") == (0, 0)
    (card,) = told(world, "Ben")
    assert words(card).startswith("Tom says they gave you 30m on 2 Jan 2026, for “parsers”.")
    with pytest.raises(NotAllowed, match="You logged that yourself"):
        world.do("Tom", "hours.confirm", entry="parsers")
    with pytest.raises(Conflict, match="you met"):
        world.do("Tom", "office.kept", slot=made.handle)
    assert isinstance(world.press("Ben", button(guest, "Yes, count it")), Done)
    with pytest.raises(Conflict, match="counts already"):
        world.press("Ben", button(card, "Confirm"))
    assert minutes(world, "Tom", "Ben") == (30, 30)


def test_a_guest_who_was_not_there_stops_what_the_host_said(world: World) -> None:
    made = booked(world)
    over(world)
    told(world, "Tom")
    guest = told(world, "Ben")[-1]
    world.do("Tom", "office.kept", slot=made.handle)
    assert isinstance(world.press("Ben", button(guest, "It didn't")), Done)
    assert "is not right: “It did not take place.”" in words(told(world, "Tom")[-1])
    assert (states(world), meetings(world)[0]["state"]) == (["disputed"], "missed")
    assert minutes(world, "Tom", "Ben") == (0, 0)


def test_what_did_not_take_place_counts_nothing_and_the_other_is_told(world: World) -> None:
    made = booked(world)
    with pytest.raises(Conflict, match="You can cancel it"):
        world.do("Ben", "office.missed", slot=made.handle)
    over(world)
    told(world, "Tom")
    asked = world.call("Tom", "office.missed", slot="Ben", at=TALK)
    assert question(asked) == "Say that your meeting with Ben, Fri 2 Jan 2026, 15:00 UTC, did not take place?"
    world.press("Tom", yes(asked))
    assert "Tom says that your meeting of Fri 2 Jan 2026, 15:00 UTC did not take place." in words(
        told(world, "Ben")[-1]
    )
    with pytest.raises(Conflict, match="did not take place"):
        world.do("Ben", "office.kept", slot=made.handle)
    assert states(world) == []


def test_all_that_both_may_press_at_the_same_moment_has_one_effect(world: World) -> None:
    for number in range(5):
        made = booked(world, when=f"{2 + number} Jan 15:00")
        world.clock.advance(DAY + (15 * HOUR + 30 * MINUTE if not number else 0))
        together(
            *(
                lambda who=who, name=name, made=made: world.do(who, name, slot=made.handle)
                for who in ("Tom", "Ben")
                for name in ("office.kept", "office.missed")
            )
        )
    rows = meetings(world)
    assert all(row["state"] in ("kept", "missed") for row in rows)
    assert len(states(world)) <= len(rows)
    counted = 30 * states(world).count("confirmed")
    assert minutes(world, "Tom", "Ben") == (counted, counted)
    assert not world.read(lambda unit: verify(unit)).problems


def test_times_are_found_by_name_by_when_they_are_and_by_what_is_next(world: World) -> None:
    first, second = offered(world), offered(world, when="9 Jan 15:00", about="parsers")
    with pytest.raises(Ambiguous, match=f"#{first.handle} Fri 2 Jan 2026, 15:00 UTC; #{second.handle}"):
        world.do("Ben", "office.book", slot="Tom's office hour")
    for slot, made in (("9 Jan 15:00", second), ("next", first)):
        assert world.do("Ben", "office.book", slot=slot).handle == made.handle
    world.do("Ben", "office.cancel", slot="parsers")
    assert world.do("Ben", "office.cancel", slot="it").handle == first.handle
    with pytest.raises(NotFound, match="no office hour that fits “designers”"):
        world.do("Ben", "office.book", slot="designers")


def test_who_is_forgotten_meets_nobody_any_more(world: World) -> None:
    booked(world)
    world.do("Ben", "my.forget", what="everything")
    over(world)
    assert meetings(world)[0]["state"] == "cancelled"
    assert [words(one) for one in told(world, "Tom") if "over" in words(one)] == []
