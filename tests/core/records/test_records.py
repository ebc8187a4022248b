"""Thoughts, needs and offers: kept, listed, found, closed."""

import pytest
from sqlalchemy import select, text

from core.errors import Ambiguous, BadInput, Conflict, NotAllowed, NotFound
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask, Done
from core.records.records import close_record
from core.records.tables import record
from core.store import Unit
from tests.world import PUBLIC, World

TALK, CLI = {"origin": Origin.TALK}, {"origin": Origin.CLI}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Zoe")
    world.join("Ben", "Parser")
    world.person("Eve")
    return world


def texts(result: object) -> list[str]:
    return [e.text for e in result.items]  # type: ignore[attr-defined]


def indexed(world: World) -> int:
    return int(world.read(lambda unit: unit.value(text("SELECT count(*) FROM record_text"))))


def test_a_thought_is_its_authors_alone(world: World) -> None:
    kept = world.do("Ben", "thought.add", text="Ana is\n  kind")
    assert (kept.text, len(kept.handle)) == ("Ana is\n  kind", 5)
    assert texts(world.do("Ben", "thought.list")) == ["Ana is\n  kind"]
    for who in ("Ana", "Zoe", "Eve"):
        assert world.do(who, "thought.list").items == ()
        assert world.do(who, "record.search", query="kind").items == ()
        assert world.do(who, "record.search", query="kind", kind="thought").items == ()
        with pytest.raises(NotFound):
            world.do(who, "thought.remove", thought=kept.handle)
        with pytest.raises(NotFound):
            world.do(who, "thought.remove", thought=f"={kept.record_id}")
    members = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)
    assert world.do("Ben", "record.search", query="kind", at={"audience": members}).items == ()
    assert texts(world.do("Ben", "record.search", query="kind")) == ["Ana is\n  kind"]


def test_undo_takes_a_thought_back(world: World) -> None:
    done = world.call("Ben", "thought.add", text="a slip", at=TALK)
    assert isinstance(done, Done)
    (undo,) = done.buttons
    with pytest.raises(NotAllowed):
        world.press("Ana", undo.token)
    world.press("Ben", undo.token)
    assert world.do("Ben", "thought.list").items == ()


def test_removing_wipes_the_words_everywhere(world: World) -> None:
    kept = world.do("Ben", "thought.add", text="purple elephant")
    asked = world.call("Ben", "thought.remove", thought="elephant", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == "Delete this thought for good: “purple elephant”?"
    world.press("Ben", asked.buttons[0].token)
    assert "elephant" not in repr(world.dump())
    assert indexed(world) == 0
    with pytest.raises(NotFound):
        world.do("Ben", "thought.remove", thought=f"={kept.record_id}")


def test_needs_and_offers_are_for_members(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "offer.post", text="a lamp")
    for operation, words in (("need.list", "a desk"), ("offer.list", "a lamp")):
        assert texts(world.do("Ana", operation)) == [words]
        assert world.do("Zoe", operation).items == ()
        assert world.do("Eve", operation, at={"here": "Parser"}).items == ()
        parser, other = (Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses[n].id) for n in ("Parser", "Other"))
        assert texts(world.do("Ben", operation, at={"audience": parser})) == [words]
        assert world.do("Ben", operation, at={"audience": other}).items == ()
        assert world.do("Ben", operation, at={"audience": PUBLIC}).items == ()
    with pytest.raises(NotAllowed):
        world.do("Eve", "need.post", text="a desk", at={"here": "Parser"})


def test_a_guest_and_a_suspended_member_see_nothing_of_others(world: World) -> None:
    world.do("Ana", "need.post", text="a desk")
    world.do("Ben", "need.post", text="my own desk")
    world.join("Gus", "Parser", "guest")
    world.suspend("Ben", "Parser")
    assert world.do("Gus", "record.search", query="desk").items == ()
    assert texts(world.do("Ben", "record.search", query="desk")) == ["my own desk"]


def test_newest_first_and_closed_ones_are_gone(world: World) -> None:
    for words in ("a desk", "a lamp", "a chair"):
        world.do("Ben", "need.post", text=words)
    assert texts(world.do("Ana", "need.list")) == ["a chair", "a lamp", "a desk"]
    closed = world.do("Ben", "need.close", need="lamp", outcome="found one on the street")
    assert closed.text == "a lamp"
    assert texts(world.do("Ana", "need.list")) == ["a chair", "a desk"]
    assert world.do("Ben", "record.search", query="lamp").items == ()
    with pytest.raises(NotFound):
        world.do("Ben", "need.close", need="lamp")
    assert indexed(world) == 2
    assert world.read(lambda unit: unit.value(select(record.c.outcome).where(record.c.state == "closed")))


def test_one_closes_ones_own_only(world: World) -> None:
    need = world.do("Ben", "need.post", text="a desk")
    for words in (need.handle, f"#{need.handle}", "desk", f"={need.record_id}"):
        with pytest.raises(NotFound, match="no open need of yours"):
            world.do("Ana", "need.close", need=words)
    with pytest.raises(NotFound):
        world.do("Ben", "offer.close", offer=need.handle)


@pytest.mark.parametrize(
    "words", ["#%s", "%s", "DESK", "the desk", "wooden desks", "it", "the last one", "desk & chair!"]
)
def test_a_record_is_named_by_handle_or_by_words(world: World, words: str) -> None:
    world.do("Ben", "need.post", text="somebody to sing")
    need = world.do("Ben", "need.post", text="a big wooden desk")
    assert world.do("Ben", "need.close", need=words.replace("%s", need.handle.upper())).handle == need.handle


def test_several_that_fit_are_a_question(world: World) -> None:
    first = world.do("Ben", "need.post", text="a wooden desk")
    world.do("Ben", "need.post", text="a wooden chair")
    with pytest.raises(Ambiguous) as refusal:
        world.do("Ben", "need.close", need="wooden")
    assert f"#{first.handle} a wooden desk" in refusal.value.message
    for words in ("singer", "\u0301", "%", "{}", "'"):
        with pytest.raises(NotFound):
            world.do("Ben", "need.close", need=words)


def test_a_close_from_an_old_picture_is_a_conflict(world: World) -> None:
    need = world.do("Ben", "need.post", text="a desk")
    world.write(lambda unit: close_record(unit, need.record_id, 1))
    with pytest.raises(Conflict):
        world.write(lambda unit: close_record(unit, need.record_id, 1))


def test_bounds(world: World) -> None:
    with pytest.raises(BadInput, match="bit short"):
        world.do("Ben", "need.post", text="ab")
    with pytest.raises(BadInput, match="1001 characters"):
        world.do("Ben", "need.post", text="x" * 1001)
    assert world.do("Ben", "thought.add", text="🦊" * 4000).text == "🦊" * 4000


ODD = (
    "Straße in Köln",
    "Привет мир",
    "مرحبا بالعالم",
    "日本語 テスト",
    "don't %_ \"quote\" 'single' \\ back",
    "node.js and C++",
    "well-known designer",
    "100% cotton; DROP TABLE record",
    "ana@example.com",
    "🦊 fox",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("strasse", [0]),
        ("STRAßE", [0]),
        ("koln", [0]),
        ("Köln", [0]),
        ("привет", [1]),
        ("МИР", [1]),
        ("مرحبا", [2]),
        ("テスト", [3]),
        ("quote", [4]),
        ("js", [5]),
        ("node", [5]),
        ("well known", [6]),
        ("designers", [6]),
        ("design", [6]),
        ("cotton", [7]),
        ("example", [8]),
        ("foxes", [9]),
        ('" OR 1=1 --', []),
        ("' & | ! ( ) :* <->", []),
        ("🦊", []),
        ("NEAR( AND OR NOT", []),
        ("*", []),
    ],
)
def test_search_finds_words_of_all_kinds_on_both_engines(world: World, query: str, found: list[int]) -> None:
    for words in ODD:
        world.do("Ben", "offer.post", text=words)
    assert texts(world.do("Ana", "record.search", query=query)) == [ODD[i] for i in found]


def test_search_ranks_rare_words_first_and_then_the_newer_one(world: World) -> None:
    for words in ("logo design", "web design", "design of chairs", "violin design logo"):
        world.do("Ben", "offer.post", text=words)
    assert texts(world.do("Ana", "record.search", query="someone for logo design")) == [
        "violin design logo",
        "logo design",
        "design of chairs",
        "web design",
    ]
    assert texts(world.do("Ana", "record.search", query="design", kind="need")) == []
    assert texts(world.do("Ana", "record.search", query="violin", kind="offers")) == ["violin design logo"]


def test_a_store_that_was_asked_with_very_long_words_still_answers(world: World) -> None:
    world.do("Ben", "offer.post", text="x" * 1000)
    assert texts(world.do("Ana", "record.search", query="x" * 200)) == ["x" * 1000]
    world.do("Ben", "offer.post", text=" ".join(f"word{n}" for n in range(150))[:1000])
    query = " ".join(f"w{n}" for n in range(60))[:200]
    assert world.do("Ana", "record.search", query=query).items == ()


def test_handles_stay_free(world: World) -> None:
    handles = {world.do("Ben", "thought.add", text=f"t{n}").handle for n in range(50)}
    assert len(handles) == 50

    def unit(unit: Unit) -> int:
        return len(unit.rows(select(record.c.handle).distinct()))

    assert world.read(unit) == 50


def test_what_one_has_open_is_listed_and_nobody_elses(world: World) -> None:
    assert texts(world.do("Ben", "record.mine")) == []
    world.do("Ben", "need.post", text="a desk")
    world.do("Ana", "need.post", text="a chair")
    offered = world.do("Ben", "offer.post", text="a lamp to share")
    assert texts(world.do("Ben", "record.mine")) == ["a lamp to share", "a desk"]
    world.do("Ben", "offer.close", offer=offered.handle)
    assert texts(world.do("Ben", "record.mine")) == ["a desk"]
    assert texts(world.do("Ben", "record.mine", at={"audience": PUBLIC})) == []
