"""Reports, evidence, and who sees what of a case."""

from typing import Any

import pytest

from core.catalogue import REGISTRY
from core.errors import BadInput, LimitReached, Missing, NotAllowed, NotFound
from core.moderation.cases.cases import EVIDENCE_FOR, forget_evidence
from core.moderation.cases.tables import mod_evidence, mod_note
from core.operations import Answered, AudienceKind
from core.operations.run import Done, run
from core.places.places import Place
from core.store import Unit
from tests.core.moderation.cases.acting import NUMBERS, answering, button, case, cases, group, told, words
from tests.world import World

STAFF = ("Ana", "Sue", "Mo", "Max")


def evidence(world: World) -> list[Any]:
    return list(world.read(lambda unit: unit.rows(mod_evidence.select())))


# -- reports ---------------------------------------------------------------------------------------------------


def test_a_report_reaches_every_moderator_and_nobody_else(world: World, lobby: Place) -> None:
    world.join("Eve", "Home", "owner")
    done = world.do("Tim", "report", reason="spam", at={"place": lobby, "answered": answering(world, "Ben")})
    assert (done.number, done.name, done.told) == (1, "Ben", 5)
    for who in (*STAFF, "Eve"):
        (notice,) = told(world, who)
        assert words(notice) == "A report in Parser about Ben: spam."
        assert [name for name, _, _ in notice["buttons"]] == ["Warn", "Dismiss"]
        assert "Tim" not in repr(dict(notice))
    for who in ("Ben", "Tim", "Gus"):
        assert told(world, who) == []
    found = case(world, 1)
    assert (found.kind, found.state, found.by_id, found.points) == ("report", "open", None, 0)


def test_the_reported_see_nothing_of_a_report(world: World, lobby: Place) -> None:
    world.do("Tim", "report", reason="spam", at={"place": lobby, "answered": answering(world, "Ben")})
    with pytest.raises(NotFound, match="I know no case 1 here that you may see"):
        world.do("Ben", "case", case="1")
    with pytest.raises(NotFound, match="I know no case"):
        world.do("Ben", "case", case=f"={case(world, 1).id}")
    assert world.do("Ben", "cases").items == ()
    with pytest.raises(NotFound):
        world.do("Ben", "appeal", case="1", text="it was not me")
    document = world.do("Ben", "my.export").document
    assert "mod_case" not in document["tables"] or document["tables"]["mod_case"] == []
    assert str(world.id_of("Tim")) not in repr(document)
    assert "mod_note" not in repr(document["tables"].keys()) or document["tables"]["mod_note"] == []
    context_of_ben: dict[str, Any] = {"here": "Parser"}

    def suggested(unit: Unit) -> list[tuple[str, str]]:
        parameter = REGISTRY.get("case").parameter("case")
        assert parameter is not None
        return list(parameter.field.suggest("", world.context(unit, "Ben", **context_of_ben)))

    assert world.read(suggested) == []


def test_who_reported_is_told_to_the_moderators_alone(world: World, lobby: Place) -> None:
    world.do("Tim", "report", reason="spam", at={"place": lobby, "answered": answering(world, "Ben")})
    assert world.do("Mo", "case", case="1").notes == ("Tim: spam",)
    assert world.do("Mo", "case", case="1").evidence == ("BUY NOW",)
    with pytest.raises(NotFound):
        world.do("Tim", "case", case="1")


def test_a_report_is_private_also_where_everybody_reads(world: World, lobby: Place) -> None:
    """What is answered to it is for the one who reports."""
    heard: list[Any] = []

    def unit(unit: Unit) -> None:
        context = world.context(unit, "Tim", place=lobby, answered=answering(world, "Ben"))
        assert context.audience.kind is AudienceKind.MEMBERS
        run(REGISTRY, context, "report", {"reason": "spam"})
        heard.append(REGISTRY.get("report").private)

    world.write(unit)
    assert heard == [True]
    alone = ("case", "cases", "note", "dismiss", "appeal", "uphold", "overturn")
    assert all(REGISTRY.get(name).private for name in alone)


def test_a_moderator_who_is_reported_or_reports_is_not_told(world: World, lobby: Place) -> None:
    world.do("Max", "report", person=NUMBERS["Mo"], reason="power", at={"place": lobby})
    assert told(world, "Mo") == []
    assert told(world, "Max") == []
    assert len(told(world, "Sue")) == 1


def test_something_has_to_be_said_or_shown(world: World, lobby: Place) -> None:
    with pytest.raises(Missing, match="What is it about"):
        world.do("Tim", "report", at={"place": lobby})
    with pytest.raises(BadInput, match="you yourself"):
        world.do("Tim", "report", at={"place": lobby, "answered": answering(world, "Tim")})
    world.do("Tim", "report", message="they wrote this", at={"place": lobby})
    (note,) = world.read(lambda unit: unit.rows(mod_note.select()))
    assert (note["kind"], note["words"]) == ("report", "they wrote this")
    assert world.do("Mo", "cases").items[0].name == ""


def test_strangers_may_report_and_not_without_end(world: World, lobby: Place) -> None:
    for _ in range(10):
        world.do("Eve", "report", reason="spam", at={"place": lobby})
    with pytest.raises(LimitReached):
        world.do("Eve", "report", reason="spam", at={"place": lobby})
    assert len(cases(world)) == 10


def test_a_report_of_a_nexus_without_moderators_says_so(world: World, lobby: Place) -> None:
    world.nexus("Empty")
    square = group(world, "Square", "Empty")
    assert world.do("Tim", "report", reason="spam", at={"place": square}).told == 0


def test_a_report_is_closed_once_and_warns_by_its_button(world: World, lobby: Place) -> None:
    world.do("Tim", "report", reason="spam", at={"place": lobby, "answered": answering(world, "Ben")})
    mine, others = told(world, "Mo")[0], told(world, "Max")[0]
    with pytest.raises(NotAllowed, match="somebody else"):
        world.press("Ben", button(mine, "Warn"))
    warned = world.press("Mo", button(mine, "Warn"))
    assert isinstance(warned, Done)
    assert (warned.result.kind, warned.result.name, warned.result.reason) == ("warn", "Ben", "spam")
    assert warned.result.reports == (1,)
    assert case(world, 1).state == "closed"
    shown = world.do("Mo", "case", case="1")
    assert shown.notes == ("Tim: spam", "Mo: It led to case 2.")
    assert world.do("Mo", "case", case="2").evidence == ("BUY NOW",), "what was reported is what they are warned for"
    for label, match in (("Warn", "Somebody has just dealt with case 1"), ("Dismiss", "Case 1 is no open report")):
        with pytest.raises(BadInput, match=match):
            world.press("Max", button(others, label))
    assert len(cases(world)) == 2
    with pytest.raises(BadInput, match="Case 1 is no open report"):
        world.do("Mo", "dismiss", case="1")
    with pytest.raises(BadInput, match="no open report"):
        world.do("Sue", "dismiss", case="2")


def test_what_is_decided_about_a_reported_message_closes_its_reports(world: World, lobby: Place) -> None:
    at = {"place": lobby, "answered": answering(world, "Ben")}
    for who in ("Tim", "Gus"):
        world.do(who, "report", reason="spam", at=at)
    world.do("Tim", "report", reason="loud", at={"place": lobby, "answered": answering(world, "Ben", message_id="78")})
    done = world.do("Mo", "timeout", reason="spam", at=at)
    assert (done.number, done.reports) == (4, (1, 2))
    assert [case(world, number).state for number in (1, 2, 3)] == ["closed", "closed", "open"]
    assert world.do("Mo", "warn", person="Ben", at=at).reports == (), "the others are closed already"


def test_a_moderator_who_may_not_act_on_the_reported_leaves_the_report_open(world: World, lobby: Place) -> None:
    world.do("Tim", "report", reason="power", at={"place": lobby, "answered": answering(world, "Max")})
    notice = told(world, "Mo")[0]
    with pytest.raises(NotAllowed, match="Max is moderator here"):
        world.press("Mo", button(notice, "Warn"))
    assert case(world, 1).state == "open"
    world.press("Mo", button(notice, "Dismiss"))
    assert case(world, 1).state == "closed"


# -- evidence --------------------------------------------------------------------------------------------------


def test_only_what_the_person_wrote_themselves_counts_against_them(world: World, lobby: Place) -> None:
    at = {"place": lobby, "answered": answering(world, "Tim", "what Tim wrote")}
    world.do("Mo", "warn", person="Ben", at=at)
    assert evidence(world) == []
    world.do("Mo", "warn", at=at)
    (row,) = evidence(world)
    assert (row["person_id"], row["words"], row["message_id"], row["place"]) == (
        world.id_of("Tim"),
        "what Tim wrote",
        "77",
        "-Lobby",
    )


def test_words_whose_author_the_platform_does_not_tell_count_against_nobody(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby, "answered": Answered("78", None, "from a channel")})
    assert evidence(world) == []
    world.do("Tim", "report", reason="that", at={"place": lobby, "answered": Answered("78", None, "from a channel")})
    (row,) = evidence(world)
    assert (row["person_id"], row["words"]) == (None, "from a channel")


def test_evidence_is_kept_for_its_time_also_when_the_message_is_gone(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", at={"place": lobby, "answered": answering(world, "Ben", "BUY NOW")})
    for who in ("Mo", "Ben"):
        view = world.do(who, "case", case="1")
        assert view.evidence == ("BUY NOW",)
        assert not view.evidence_gone
    world.clock.advance(EVIDENCE_FOR - 1)
    assert world.write(forget_evidence) == 0
    assert world.do("Mo", "case", case="1").evidence == ("BUY NOW",)
    world.clock.advance(1)
    assert world.do("Mo", "case", case="1").evidence == (), "also before it was swept"
    assert world.write(forget_evidence) == 1
    assert evidence(world) == []
    world.clock.advance(1)
    assert world.do("Mo", "case", case="1").evidence_gone


# -- who sees what ---------------------------------------------------------------------------------------------


def test_whom_it_is_about_sees_it_without_what_moderators_keep_to_themselves(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", reason="loud", at={"place": lobby})
    world.do("Max", "note", case="1", text="he did so before")
    world.do("Mo", "reason", case="1", text="very loud")
    mine, theirs = world.do("Ben", "case", case="1"), world.do("Sue", "case", case="1")
    assert (mine.reason, mine.name, mine.decided_by, mine.why, mine.notes) == ("very loud", "Ben", "", "", ())
    assert (theirs.decided_by, theirs.why) == ("Mo", "moderator")
    assert theirs.notes == ("Max: he did so before", "Mo: loud")
    listed = world.do("Ben", "cases")
    assert [(line.number, line.kind) for line in listed.items] == [(1, "warn")]
    assert (listed.name, listed.points) == ("Ben", 1)


def test_cases_of_others_are_as_if_there_were_none(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    number = case(world, 1).id
    refused = []
    for who in ("Tim", "Gus", "Eve"):
        for word in ("1", f"={number}", "2", "=12345"):
            with pytest.raises(NotFound) as refusal:
                world.do(who, "case", case=word, at={"here": "Parser"})
            refused.append(refusal.value.template)
        with pytest.raises((NotAllowed, NotFound)):
            world.do(who, "cases", person=NUMBERS["Ben"], at={"here": "Parser", "place": lobby})
        assert world.do(who, "cases", at={"here": "Parser"}).items == ()
    assert len(set(refused)) == 1
    assert len(world.do("Mo", "cases", person="Ben").items) == 1


def test_a_case_of_another_nexus_is_not_seen_by_its_moderators(world: World, lobby: Place) -> None:
    world.nexus("Other", owner="Eve")
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    for operation, given in (
        ("case", {}), ("undo", {}), ("reason", {"text": "x"}), ("note", {"text": "x"}), ("dismiss", {}),
        ("uphold", {}), ("overturn", {}),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            world.do("Eve", operation, case=f"={case(world, 1).id}", at={"here": "Other"}, **given)


def test_who_moderates_elsewhere_decides_nothing_about_their_own_case(world: World, lobby: Place) -> None:
    """Ben moderates elsewhere, and sees the case that is about him in Parser: seeing it is not deciding it."""
    world.nexus("Other", owner="Ben")
    world.do("Mo", "warn", person="Ben", reason="loud", at={"place": lobby})
    mark = f"={case(world, 1).id}"
    world.do("Ben", "appeal", case=mark, text="no", at={"here": "Other"})
    for operation, given in (
        ("undo", {}), ("reason", {"text": "x"}), ("note", {"text": "x"}), ("dismiss", {}), ("uphold", {}),
        ("overturn", {}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="Only moderators"):
            world.do("Ben", operation, case=mark, at={"here": "Other"}, **given)
    assert case(world, 1).reason == "loud"
    assert case(world, 1).state == "standing"


def test_the_list_is_the_newest_and_says_that_there_are_more(world: World, lobby: Place) -> None:
    for number in range(21):
        world.do("Mo", "warn", person=f"60{number:04}", at={"place": lobby})
    listed = world.do("Mo", "cases")
    assert [line.number for line in listed.items] == list(range(21, 1, -1))
    assert listed.more


def test_a_case_is_named_by_its_number(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    for word in ("1", "#1", "case 1", "Case #1", "1 "):
        assert world.do("Mo", "case", case=word).number == 1
    for word in ("one", "1.5", "-1", "１", "12345678901", "#", "case"):
        with pytest.raises(BadInput, match="A case has a number"):
            world.do("Mo", "case", case=word)
