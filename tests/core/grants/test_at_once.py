"""Several people at the same moment, on a real server: one effect, and never more money than there is."""

import threading
from collections.abc import Callable

import pytest

from core.errors import NexusError
from tests.core.grants.circle import Circle
from tests.world import World

pytestmark = pytest.mark.parametrize("engine", ["postgres"])


def together(*calls: Callable[[], object]) -> list[object]:
    """Start them all at once; what each gave or raised."""
    found: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = calls[number]()
        except NexusError as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,), name=f"press-{number}") for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_approvals_at_once_hold_the_money_once(world: World) -> None:
    circle = Circle(world)
    handle = circle.propose()
    tokens = {name: circle.told(name)[-1][1]["Approve"] for name in ("Olga", "Stan", "Tom")}
    together(*(lambda name=name, token=token: world.press(name, token) for name, token in tokens.items()))
    assert circle.grant(handle).state == "approved"
    assert circle.free() == (120_000, 50_000)
    assert len([text for text, _ in circle.told("Ana") if "Will you take it?" in text]) == 1
    circle.sound()


def test_one_button_pressed_many_times_at_once(world: World) -> None:
    circle = Circle(world)
    handle = circle.propose()
    token = circle.told("Stan")[-1][1]["Approve"]
    went = together(*([lambda: world.press("Stan", token)] * 4))
    assert len([one for one in went if not isinstance(one, NexusError)]) == 1
    assert world.do("Stan", "grant.show", grant=f"#{handle}").have == 1


def test_accepting_and_withdrawing_at_once_is_one_of_both(world: World) -> None:
    circle = Circle(world)
    handle = circle.propose()
    for name in ("Stan", "Tom"):
        world.do(name, "grant.approve", grant=f"#{handle}")
    yes = circle.told("Ana")[-1][1]["Accept"]
    card = world.call("Mia", "grant.withdraw", grant=f"#{handle}")
    no = card.buttons[0].token  # type: ignore[union-attr]
    went = together(lambda: world.press("Ana", yes), lambda: world.press("Mia", no))
    assert len([one for one in went if isinstance(one, NexusError)]) == 1
    state = circle.grant(handle).state
    assert (state, circle.free()) in (("accepted", (120_000, 50_000)), ("withdrawn", (120_000, 0)))
    circle.sound()


def test_a_mandate_gives_no_more_than_it_has_to_several_at_once(world: World) -> None:
    circle = Circle(world)
    mandate = world.do("Olga", "mandate.give", person="Mia", amount="200 EUR", every="30 days")
    for name in ("Stan", "Tom"):
        world.do(name, "mandate.approve", mandate=f"#{mandate.handle}")
    cards = [
        world.call("Mia", "grant.propose", person=name, amount="150 EUR", purpose="x") for name in ("Ana", "Ben", "Mod")
    ]
    tokens = [card.buttons[0].token for card in cards]  # type: ignore[union-attr]
    went = together(*(lambda token=token: world.press("Mia", token) for token in tokens))
    assert len([one for one in went if not isinstance(one, NexusError)]) == 1
    assert circle.free() == (120_000, 15_000)
    circle.sound()
