"""What a conversation keeps: its open question, its lines and their summary, and what the model has cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cofounder.brain import Pending, Said, Usage
from bot.talk import budget, memory, questions
from bot.talk.budget import Caps
from bot.talk.heard import Mark, listeners
from bot.talk.memory import Line, Recalled
from core.clock import DAY, HOUR, ManualClock
from core.operations import Audience, AudienceKind
from core.store import Store, Unit

ANA = Audience(AudienceKind.PERSON, 1)
HEARD = Mark(listeners(ANA))


def remember(store: Store, *texts: str, key: str = "k") -> None:
    for number, text in enumerate(texts):
        role = "assistant" if number % 2 else "user"
        store.write(
            lambda unit, n=number, t=text, r=role: memory.remember(unit, key, 1, n, r, t, HEARD)  # type: ignore[misc]
        ).result()


def recall(store: Store, key: str = "k") -> Recalled:
    return store.read(lambda unit: memory.recall(unit, key, ANA)).result()


def test_lines_come_back_in_order(store: Store) -> None:
    remember(store, "hello", "hi", "how are you?")
    found = recall(store)
    assert found.summary == ""
    assert [(line.said.role, line.said.text) for line in found.lines] == [
        ("user", "hello"),
        ("assistant", "hi"),
        ("user", "how are you?"),
    ]
    assert found.fold == []
    assert recall(store, "another") == Recalled(HEARD)


def test_much_talk_is_folded_but_for_its_newest_part(store: Store) -> None:
    long = "x" * 1000
    remember(store, *(f"{n} {long}" for n in range(9)))
    found = recall(store)
    assert len(found.lines) == 9
    assert [line.said.text[0] for line in found.fold] == [str(n) for n in range(7)]
    store.write(lambda unit: memory.fold(unit, "k", 1, "They said x.", found.fold[-1].id, HEARD)).result()
    found = recall(store)
    assert found.summary == "They said x."
    assert [line.said.text[0] for line in found.lines] == ["7", "8"]
    assert found.fold == []


@given(st.lists(st.integers(0, 3000), max_size=20))
def test_what_is_folded_is_old_and_what_is_kept_is_short(lengths: list[int]) -> None:
    lines = [Line(n, Said("user", "x" * length)) for n, length in enumerate(lengths)]
    old = memory._old(lines)
    assert old == lines[: len(old)]
    kept = sum(len(line.said.text) for line in lines[len(old) :])
    if old:
        assert kept <= memory.RECENT
    else:
        assert kept < memory.FOLD_AT


def test_old_lines_are_forgotten(store: Store, clock: ManualClock) -> None:
    remember(store, "hello")
    clock.advance(31 * DAY)
    remember(store, "hello again", key="new")
    store.write(memory.forget_old).result()
    assert recall(store).lines == ()
    assert len(recall(store, "new").lines) == 1


def test_a_question_is_open_for_an_hour_and_only_the_last_one(store: Store, clock: ManualClock) -> None:
    def asked() -> Pending | None:
        return store.read(lambda unit: questions.open_question(unit, "k")).result()

    assert asked() is None
    store.write(lambda unit: questions.ask(unit, "k", "need.post", {}, "text")).result()
    store.write(lambda unit: questions.ask(unit, "k", "role.grant", {"role": "steward"}, "person")).result()
    assert asked() == Pending("role.grant", {"role": "steward"}, "person")
    clock.advance(HOUR + 1)
    assert asked() is None
    assert store.write(questions.forget_old).result() == 1
    store.write(lambda unit: questions.ask(unit, "k", "need.post", {}, "text")).result()
    store.write(lambda unit: questions.close(unit, "k")).result()
    assert asked() is None


USE = Usage(requests=1, prompt_tokens=70, cached_tokens=10, completion_tokens=30)


@pytest.mark.parametrize(
    ("caps", "reached"),
    [
        (Caps(0, 0, 0), ""),
        (Caps(201, 201, 201), ""),
        (Caps(200, 0, 0), "person"),
        (Caps(0, 200, 0), "nexus"),
        (Caps(0, 0, 200), "overall"),
    ],
)
def test_a_cap_is_reached_by_what_was_spent_today(store: Store, clock: ManualClock, caps: Caps, reached: str) -> None:
    def spend(unit: Unit) -> None:
        budget.spend(unit, 1, 7, USE)
        budget.spend(unit, 1, 7, USE)
        budget.spend(unit, 1, 7, Usage())

    def room(person: int, nexus: int) -> str:
        return store.read(lambda unit: budget.room(unit, caps, person, nexus)).result()

    assert room(1, 7) == ""
    store.write(spend).result()
    assert room(1, 7) == reached
    assert room(2, 8) == (reached if reached == "overall" else "")
    assert room(2, 7) == (reached if reached in ("overall", "nexus") else "")
    assert room(1, 8) == (reached if reached in ("overall", "person") else "")
    clock.advance(DAY)
    assert room(1, 7) == ""
