"""What is reminded of, by itself: once, and never twice."""

from core.clock import DAY, HOUR
from core.hours.sweep import PATIENCE, sweep
from core.operations.run import Done
from tests.core.hours.helped import button, states, told, words
from tests.core.nexuses.test_tree import together
from tests.world import World


def log(world: World, about: str = "the parser", time: str = "2h") -> None:
    world.do("Tom", "hours.log", person="Ana", time=time, about=about)


def test_what_nobody_answers_is_asked_once_more_after_a_week(world: World) -> None:
    log(world)
    (first,) = told(world, "Ana")
    world.clock.advance(PATIENCE - 1)
    world.write(sweep)
    assert told(world, "Ana") == []
    world.clock.advance(1)
    for _ in range(3):
        world.write(sweep)
        world.clock.advance(DAY)
    (again,) = told(world, "Ana")
    assert words(again) == (
        "This still waits for your word, and I won't ask again: Tom says they gave you 2h on 1 Jan 2026, for “the "
        "parser”. Is that right?"
    )
    world.clock.advance(40 * DAY)
    world.write(sweep)
    assert told(world, "Ana") + told(world, "Tom") == []
    world.do("Ana", "hours.confirm", entry="it")
    assert states(world) == ["confirmed"]
    assert [label for label, _, _ in first["buttons"]] == [label for label, _, _ in again["buttons"]]


def test_the_giver_is_reminded_in_the_same_way(world: World) -> None:
    world.do("Ana", "hours.log", person="me", by="Tom", time="1h", about="the lexer")
    told(world, "Tom")
    world.clock.advance(PATIENCE)
    world.write(sweep)
    (again,) = told(world, "Tom")
    assert "Ana says you gave them 1h on 1 Jan 2026" in words(again)
    assert isinstance(world.press("Tom", button(again, "Confirm")), Done)


def test_what_was_answered_or_taken_back_is_not_asked_about(world: World) -> None:
    for about in ("one", "two", "three"):
        log(world, about)
    world.do("Ana", "hours.confirm", entry="one")
    world.do("Ana", "hours.dispute", entry="two")
    world.do("Tom", "hours.withdraw", entry="three")
    told(world, "Ana")
    world.clock.advance(PATIENCE)
    assert not world.write(sweep)
    assert told(world, "Ana") == []


def test_it_works_in_pieces_and_two_at_once_tell_nothing_twice(world: World) -> None:
    for number in range(5):
        log(world, f"piece {number}", time="1h")
    told(world, "Ana")
    world.clock.advance(PATIENCE)
    assert world.write(lambda unit: sweep(unit, 2))
    assert len(told(world, "Ana")) == 2
    together(*(lambda: world.write(sweep) for _ in range(3)))
    assert len(told(world, "Ana")) == 3
    assert not world.write(sweep)


def test_a_meeting_is_reminded_of_and_asked_about_by_the_clock_alone(world: World) -> None:
    made = world.do("Tom", "office.offer", when="in 2 hours")
    world.do("Ana", "office.book", slot=made.handle)
    told(world, "Tom")
    world.clock.advance(DAY)  # nobody looked in between: a reminder would come too late
    world.write(sweep)
    (notice,) = told(world, "Tom")
    assert "is over. Did it take place?" in words(notice)
    world.clock.advance(HOUR)
    world.write(sweep)
    assert told(world, "Tom") == []
