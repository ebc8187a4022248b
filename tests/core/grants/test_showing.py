"""The card of a grant and lists of them: who sees what, and which buttons fit."""

from typing import Any

import pytest

from bot.cards.grants import RENDERERS, page
from bot.cards.plain import as_text
from bot.words import Words
from core.errors import Ambiguous, NotFound
from core.grants.grants import HAPPENINGS
from core.operations import Origin
from core.operations.run import Done
from tests.core.grants.circle import Circle
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def show(circle: Circle, who: str, words: str, **at: Any) -> Done:
    outcome = circle.world.call(who, "grant.show", at=at, grant=words)
    assert isinstance(outcome, Done)
    return outcome


def labels(circle: Circle, who: str, handle: str) -> list[str]:
    return [button.label for button in show(circle, who, f"#{handle}").buttons]


def test_the_card_has_everything(circle: Circle) -> None:
    handle = circle.propose(hours="5h", parts="2", each="30 days", condition="tests pass", report="3 months")
    circle.done("Stan", "Approve")
    text = as_text(page(show(circle, "Ana", f"#{handle}").result, Words()))
    assert text.splitlines() == [
        f"500.00 EUR and 5h to Ana (#{handle})",
        "a parser",
        "From: Parser, proposed by Mia",
        "Stands: waits for approvals (until 2 Feb 2026)",
        "Approvals: 1 of 2 (Stan)",
        "On condition: tests pass",
        "Parts: 250.00 EUR (planned); 250.00 EUR (planned, 30 days after the yes)",
        "Report: due 90 days after the yes",
        "- 3 Jan 2026 · Mia proposed it",
        "- 3 Jan 2026 · Stan approved it (1 of 2)",
        "no equity, no debt, no exclusivity",
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_gift_of_one_person_says_so(circle: Circle) -> None:
    circle.deposit(30_000, own="Mia")
    made = circle.world.do("Mia", "grant.propose", person="Ana", amount="100 EUR", purpose="tea", giver="me")
    assert RENDERERS["grant.propose"](made, Words()).text.endswith("Given by one person.")
    text = as_text(page(show(circle, "Ana", f"#{made.handle}").result, Words()))
    assert "Mia, given by one person, in Parser" in text
    assert "Approvals" not in text
    assert "Mia gives it; nobody has to approve" in text


def test_buttons_fit_what_one_can_do_now(circle: Circle) -> None:
    handle = circle.propose()
    decide = ["Approve", "Reject", "Ask a question"]
    assert {who: labels(circle, who, handle) for who in ("Stan", "Mia", "Ana", "Ben", "Mod")} == {
        "Stan": decide, "Mia": ["Withdraw"], "Ana": [], "Ben": [], "Mod": [],
    }  # fmt: skip
    circle.done("Stan", "Approve")
    assert labels(circle, "Stan", handle) == []
    assert labels(circle, "Tom", handle) == decide
    circle.done("Tom", "Approve")
    assert labels(circle, "Ana", handle) == ["Accept", "Decline", "Ask a question"]
    assert labels(circle, "Mia", handle) == ["Withdraw"]
    assert labels(circle, "Tom", handle) == []
    circle.done("Ana", "Accept")
    assert labels(circle, "Tom", handle) == ["It is paid"]
    assert labels(circle, "Mia", handle) == []
    circle.world.do("Tom", "grant.release", grant=f"#{handle}")
    assert labels(circle, "Tom", handle) == ["It is paid"]
    circle.world.do("Stan", "grant.ask", grant=f"#{handle}", question="When?")
    assert labels(circle, "Ana", handle) == labels(circle, "Mia", handle) == ["Answer"]


def test_who_sees_it_is_what_the_rules_say(circle: Circle) -> None:
    handle, lobby, square = circle.propose(), circle.lobby(), circle.world.place("Square")
    for who in ("Mia", "Ana", "Ben", "Tom"):
        assert show(circle, who, f"#{handle}").result.handle == handle
    assert show(circle, "Ben", f"#{handle}", place=lobby).result.proposer == "Mia"
    for at in ({"place": square}, {}):
        with pytest.raises(NotFound):
            show(circle, "Eve" if not at else "Mia", f"#{handle}", **at)
    circle.world.do("Olga", "rule.set", text="members may not see grants")
    for who in ("Mia", "Ana", "Tom"):
        assert show(circle, who, f"#{handle}").result.handle == handle
    with pytest.raises(NotFound):
        show(circle, "Ben", f"#{handle}")
    with pytest.raises(NotFound):
        show(circle, "Mia", f"#{handle}", place=lobby)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_in_public_names_are_those_that_the_public_may_know(circle: Circle) -> None:
    handle = circle.propose()
    circle.world.do("Olga", "rule.set", text="the public may see and quote grants")
    square = circle.world.place("Square")
    found = show(circle, "Ben", f"#{handle}", place=square).result
    assert (found.recipient, found.proposer, found.amount) == ("somebody", "somebody", "500.00 EUR")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_it_is_found_as_people_name_it(circle: Circle) -> None:
    first = circle.propose()
    second = circle.propose(person="Ben", purpose="better docs")
    for words in ("for Ana", "Ana's grant", "the grant for Ana", "a parser", "parser", first.upper()):
        assert show(circle, "Stan", words).result.handle == first, words
    for words in ("Ben", "docs", f"={circle.grant(second).id}"):
        assert show(circle, "Stan", words).result.handle == second, words
    assert show(circle, "Ana", "it").result.handle == first
    with pytest.raises(Ambiguous):
        show(circle, "Stan", "it")
    for words in ("nothing of it", "#zzzzz", "=5"):
        with pytest.raises(NotFound):
            show(circle, "Stan", words)
    lobby = circle.lobby()
    at = {"place": lobby, "origin": Origin.CLI}
    third = circle.world.do("Mia", "grant.propose", at=at, person="Ana", amount="5 EUR", purpose="here").handle
    assert show(circle, "Stan", "this", place=lobby).result.handle == third


def test_lists(circle: Circle) -> None:
    one = circle.propose()
    two = circle.propose("Stan", person="Ben", purpose="docs")
    circle.world.do("Stan", "grant.approve", grant=f"#{one}")

    def listed(who: str, **said: Any) -> list[str]:
        return [line.handle for line in circle.world.do(who, "grant.list", **said).items]

    assert listed("Ana") == [one]
    assert listed("Ben") == [two]
    assert listed("Mod") == []
    assert listed("Stan", which="waiting") == []
    assert listed("Tom", which="waiting") == [two, one]
    assert listed("Olga", which="nexus") == [two, one]
    assert listed("Olga", person="Ben") == [two]
    assert listed("Olga", state="approved") == []
    assert listed("Olga", state="proposed") == [two, one]
    circle.world.do("Tom", "grant.approve", grant=f"#{one}")
    assert listed("Ana", which="waiting") == [one]
    assert listed("Olga", state="approved") == [one]
    suggested = _suggested(circle, "Olga", "doc")
    assert suggested == [f"500.00 EUR for Ben: docs (#{two})"]


def _suggested(circle: Circle, who: str, typed: str) -> list[str]:
    from core.grants.decide_operations import GRANT

    found: list[str] = circle.world.read(
        lambda unit: [label for label, _ in GRANT.suggest(typed, circle.world.context(unit, who))]
    )
    return found


def test_everything_that_happens_has_words() -> None:
    from bot.cards.grants import _HAPPENED

    assert set(_HAPPENED) == set(HAPPENINGS)
