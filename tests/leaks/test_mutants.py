"""Holes on purpose: each has to be found by the very checks that find none otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.turn import context as turn_context
from bot.turn import model, prepare
from core.access import matches, people, records
from core.catalogue import REGISTRY
from core.clock import ManualClock
from core.errors import N_, NotFound
from core.operations import Audience, AudienceKind
from core.people import operations as people_operations
from core.places import places
from core.places.places import Place
from core.records import operations as record_operations
from core.records.search import query_words, rank
from core.rules import lists, resolver
from core.rules.words import Action
from core.store import Store, Unit
from tests.leaks.test_core import attacked
from tests.leaks.test_refusals import differences, told_apart
from tests.leaks.test_turns import attacked as turns
from tests.leaks.worlds import passing

WORLDS = 100  # in which a hole has to show
BOT_WORLDS = 12

Patch = pytest.MonkeyPatch
Check = Callable[..., list[str]]


def _as_the_asker(patch: Patch) -> None:
    """A channel hears what the one who asks may see."""
    patch.setattr(places, "audience_of", lambda unit, place, who: Audience(AudienceKind.PERSON, who))


def _seen_is_quoted(patch: Patch) -> None:
    """What may be seen is repeated in a channel."""
    for room in (resolver, lists, matches):
        patch.setattr(room, "said_as", lambda audience: Action.SEE)


def _without_consent(patch: Patch) -> None:
    """The rules alone count."""
    may = resolver.Eye.may

    def all_agreed(self: Any, row: Any, action: Action) -> bool:
        return may(self, row, action) or self.may_kind(row.nexus_id, row.kind, action)

    patch.setattr(resolver.Eye, "may", all_agreed)


def _hidden_by_handle(patch: Patch) -> None:
    """Whoever has a short name may ask about the thing."""
    patch.setattr(records, "may_hear", lambda unit, audience, row: True)


def _near_names(patch: Patch) -> None:
    """A refusal offers the nearest of all names, whoever asks."""

    def near(context: Any, words: str) -> Any:
        every = [name for (name,) in context.unit.connection.exec_driver_sql("SELECT name FROM person").fetchall()]
        close = difflib.get_close_matches(words, every, n=2, cutoff=0.1)
        raise NotFound(N_("I know nobody called {name} here. Did you mean {near}?"), name=words, near=close)

    access = people.access_person

    def named(context: Any, words: str) -> Any:
        try:
            return access(context, words)
        except NotFound:
            near(context, words)

    patch.setattr("core.access.fields.access_person", named)


def _unknown_audience(patch: Patch) -> None:
    """Where exactly some people listen, the first of them counts for all."""

    def first(audience: Audience) -> dict[str, Any]:
        if audience.kind is AudienceKind.PEOPLE:
            return {"reader": audience.people[-1], "readers": ()}
        return reader(audience)

    reader = people._reader
    patch.setattr(people, "_reader", first)


def _any_link(patch: Patch) -> None:
    """A link is named by its other side, whoever listens."""
    patch.setattr("core.rulebook.link_operations._sayable", lambda context, link: True)


def _ranked_over_all(patch: Patch) -> None:
    """A search weighs words by everything that has them, and leaves out what is hidden afterwards."""

    def search(unit: Unit, audience: Audience, query: str, kind: str | None = None, most: int = 10) -> list[Any]:
        words = query_words(query)
        found = [row for row in matches._fitting(unit, None, words) if kind in (None, row.kind)] if words else []
        best = rank(words, records._full(unit, found))
        return [one for one in best if resolver.may_hear(unit, audience, one)][:most]

    for room in (record_operations, people_operations):
        patch.setattr(room, "search_records", search)


def _cut_off_first(patch: Patch) -> None:
    """A search looks at the three newest that fit, whoever may hear them."""
    fitting = matches._fitting

    def few(unit: Unit, _places: object, words: Any) -> Iterator[Any]:
        yield from list(fitting(unit, None, words))[:3]

    patch.setattr(matches, "_fitting", few)


def _one_look_more(patch: Patch) -> None:
    """What exists is looked at once more before it is refused."""
    patch.setattr(records, "eyes_of", lambda unit, audience: ())


def links_attacked(unit: Unit, seed: int) -> list[str]:
    """What leaks by what is done with links: few people decide about one, so it takes more of it."""
    return attacked(unit, seed, [one for one in REGISTRY if one.subject == "link"])


HOLES: tuple[tuple[Callable[[Patch], None], Check], ...] = (
    (_as_the_asker, attacked),
    (_seen_is_quoted, attacked),
    (_without_consent, attacked),
    (_hidden_by_handle, told_apart),
    (_near_names, attacked),
    (_unknown_audience, attacked),
    (_any_link, links_attacked),
    (_ranked_over_all, differences),
    (_cut_off_first, differences),
    (_one_look_more, told_apart),
)


# -- with the bot around it ---------------------------------------------------------------------------------------


def _turn_of_the_asker(patch: Patch) -> None:
    """What is put before the model is what the one who asks may see."""

    def alone(_unit: Unit, found: Place, person_id: int) -> Audience:
        return Audience(AudienceKind.PERSON, person_id)

    patch.setattr(prepare, "audience_of", alone)


def _facts_of_the_asker(patch: Patch) -> None:
    """Only the facts that are looked up for a message are."""
    facts = prepare._facts

    def for_the_asker(unit: Unit, _audience: Audience, message: str) -> Any:
        asker = unit.connection.exec_driver_sql("SELECT person_id FROM inbox ORDER BY id DESC").scalar()
        return facts(unit, Audience(AudienceKind.PERSON, asker or 0), message)

    patch.setattr(prepare, "_facts", for_the_asker)


def _tools_of_the_asker(patch: Patch) -> None:
    """A tool answers the model with what the one who asks may see."""

    def alone(_unit: Unit, found: Place, person_id: int) -> Audience:
        return Audience(AudienceKind.PERSON, person_id)

    patch.setattr(turn_context, "audience_of", alone)


def _private_is_told(patch: Patch) -> None:
    """The model reads what was answered in private, in a turn that others hear."""
    result = model._result
    patch.setattr(
        model,
        "_result",
        lambda said, *, private, has_buttons, kept: result(said, private=False, has_buttons=has_buttons, kept=kept),
    )


BOT_HOLES = (_turn_of_the_asker, _facts_of_the_asker, _tools_of_the_asker, _private_is_told)


@pytest.mark.parametrize("hole", BOT_HOLES, ids=lambda one: one.__name__.strip("_"))
async def test_a_hole_in_the_bot_is_found(
    hole: Callable[[Patch], None],
    founded: Callable[[], Store],
    clock: ManualClock,
    tmp_path: Path,
    monkeypatch: Patch,
) -> None:
    hole(monkeypatch)
    for seed in range(BOT_WORLDS):
        if await turns(founded(), clock, tmp_path / "files", seed):
            return
    pytest.fail("nothing was found")


@pytest.mark.parametrize(("hole", "check"), HOLES, ids=lambda one: one.__name__.strip("_"))
def test_a_hole_is_found(hole: Callable[[Patch], None], check: Check, ground: Store, monkeypatch: Patch) -> None:
    hole(monkeypatch)
    assert any(passing(ground, partial(check, seed=seed)) for seed in range(WORLDS))
