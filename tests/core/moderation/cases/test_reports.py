"""Reports, evidence, appeals, and who sees what of a case."""

from typing import Any

import pytest

from core.catalogue import REGISTRY
from core.clock import HOUR
from core.errors import BadInput, Conflict, LimitReached, Missing, NotAllowed, NotFound
from core.moderation.cases.cases import EVIDENCE_FOR, forget_evidence
from core.moderation.cases.tables import mod_evidence, mod_note
from core.operations import Answered, AudienceKind, Named, Origin
from core.operations.run import Done, run
from core.places.places import Place
from core.store import Unit
from tests.core.moderation.cases.acting import NUMBERS, answering, button, case, cases, group, told, words
from tests.core.moderation.cases.test_taking_back import linked
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
    warned = world.press("Mo", button(mine, "Warn"))
    assert isinstance(warned, Done)
    assert (warned.result.kind, warned.result.name, warned.result.reason) == ("warn", "Ben", "spam")
    world.press("Max", button(others, "Dismiss"))
    assert case(world, 1).state == "closed"
    with pytest.raises(BadInput, match="Case 1 is no open report"):
        world.do("Mo", "dismiss", case="1")
    with pytest.raises(BadInput, match="no open report"):
        world.do("Sue", "dismiss", case="2")


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


# -- appeals ---------------------------------------------------------------------------------------------------


def warned(world: World, lobby: Place, by: str = "Mo") -> str:
    """Ben is warned, and presses "Appeal"."""
    number = world.do(by, "warn", person="Ben", reason="loud", at={"place": lobby}).number
    for who in NUMBERS:
        told(world, who)
    return str(number)


def test_an_appeal_goes_to_the_moderators_who_did_not_decide(world: World, lobby: Place) -> None:
    number = warned(world, lobby)
    done = world.do("Ben", "appeal", case=number, text="it was Tim")
    assert (done.number, done.told) == (1, 3)
    assert told(world, "Mo") == []
    for who in ("Ana", "Sue", "Max"):
        (notice,) = told(world, who)
        assert words(notice) == "Ben appeals against case 1 in Parser: “it was Tim”"
        assert [name for name, _, _ in notice["buttons"]] == ["It stands", "Overturn"]
    assert world.do("Max", "case", case=number).appeal == "it was Tim"


def test_an_appeal_is_decided_by_another_and_the_person_is_told(world: World, lobby: Place) -> None:
    number = warned(world, lobby)
    world.do("Ben", "appeal", case=number, text="it was Tim")
    token = button(told(world, "Max")[0], "Overturn")
    with pytest.raises(NotAllowed, match="You decided case 1 yourself"):
        world.do("Mo", "uphold", case=number)
    with pytest.raises(NotAllowed, match="You decided case 1 yourself"):
        world.do("Mo", "overturn", case=number)
    assert case(world, 1).state == "standing"
    world.press("Max", token)
    assert case(world, 1).state == "undone"
    assert words(told(world, "Ben")[0]) == "Somebody else looked at case 1 in Parser: it is undone."
    for operation in ("uphold", "overturn"):
        with pytest.raises(Conflict):
            world.do("Sue", operation, case=number)


def test_an_appeal_that_fails_leaves_everything(world: World, lobby: Place) -> None:
    number = warned(world, lobby)
    world.do("Ben", "appeal", case=number, text="it was Tim")
    world.do("Sue", "uphold", case=number, answer="It was you.")
    assert case(world, 1).state == "standing"
    assert words(told(world, "Ben")[0]) == "Somebody else looked at case 1 in Parser: it stands: It was you."
    with pytest.raises(Conflict, match="No appeal is open"):
        world.do("Max", "overturn", case=number)
    assert case(world, 1).state == "standing", "a decision that comes too late undoes nothing"
    with pytest.raises(Conflict, match="looked at once"):
        world.do("Ben", "appeal", case=number, text="really")


def test_only_whom_it_is_about_appeals_and_only_against_what_stands(world: World, lobby: Place) -> None:
    number = warned(world, lobby)
    for who in ("Tim", "Mo", "Ana", "Eve"):
        with pytest.raises(NotFound, match="I know no case"):
            world.do(who, "appeal", case=number, text="it was Tim", at={"here": "Parser"})
    world.do("Mo", "undo", case=number)
    with pytest.raises(BadInput, match="nothing to appeal against"):
        world.do("Ben", "appeal", case=number, text="it was Tim")
    world.do("Mo", "unban", person=NUMBERS["Ben"], at={"place": lobby})
    with pytest.raises(BadInput, match="nothing to appeal against"):
        world.do("Ben", "appeal", case="2", text="it was Tim")
    assert told(world, "Sue") == []


def test_the_banned_can_appeal(world: World, lobby: Place) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    (notice,) = told(world, "Ben")
    token = button(notice, "Appeal")
    with pytest.raises(Missing) as missing:
        world.press("Ben", token)
    assert missing.value.data["names"] == ["text"]
    world.do("Ben", "appeal", case=f"={case(world, 1).id}", text="it was Tim")
    world.do("Max", "overturn", case="1", at={"here": "Parser"})
    assert case(world, 1).state == "undone"


def test_where_nobody_else_moderates_the_appeal_waits_for_somebody_who_does(world: World, lobby: Place) -> None:
    world.nexus("Small", owner="Eve")
    square = group(world, "Square", "Small")
    world.do("Eve", "warn", person=NUMBERS["Ben"], at={"place": square})
    assert world.do("Ben", "appeal", case="1", text="no", at={"here": "Small"}).told == 0
    for operation in ("uphold", "overturn"):
        with pytest.raises(NotAllowed, match="another moderator has to look at it"):
            world.do("Eve", operation, case="1", at={"here": "Small"})
    world.join("Tim", "Small", "moderator")
    world.do("Tim", "overturn", case="1", at={"here": "Small"})
    assert case(world, 1, "Small").state == "undone"


def test_a_moderator_does_not_decide_the_appeal_of_their_own_case(world: World, lobby: Place) -> None:
    world.do("Sue", "warn", person="Mo", at={"place": lobby})
    world.do("Mo", "appeal", case="1", text="no")
    for operation in ("uphold", "overturn"):
        with pytest.raises(NotAllowed, match="about you"):
            world.do("Mo", operation, case="1")


def test_who_decided_decides_no_appeal_under_another_number(world: World, lobby: Place) -> None:
    """Mo links another account after deciding, so that another number stands for him: he is still the same."""
    world.person("Mo D", platform="discord", external_id="5555555555")
    world.join("Mo D", "Parser", "moderator")
    number = warned(world, lobby)
    linked(world, "Mo D", "Mo")
    assert case(world, 1).by_id != world.id_of("Mo D")
    world.do("Ben", "appeal", case=number, text="it was Tim")
    assert told(world, "Mo D") == []
    for operation in ("uphold", "overturn"):
        with pytest.raises(NotAllowed, match="You decided case 1 yourself"):
            world.do("Mo D", operation, case=number)


def test_the_reason_changes_and_what_it_was_stays_with_the_case(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", reason="loud", at={"place": lobby})
    asked = world.call("Max", "reason", case="1", text="very loud", at={"place": lobby, "origin": Origin.TALK})
    world.press("Max", asked.buttons[0].token, at={"place": lobby})  # type: ignore[union-attr]
    assert case(world, 1).reason == "very loud"
    assert world.do("Sue", "case", case="1").notes == ("Max: loud",)


def test_a_platforms_name_for_the_reporter_is_not_in_the_acts(world: World, lobby: Place) -> None:
    """What stands in the log of the platform names who decided, and never who reported."""
    world.do("Tim", "report", reason="spam", at={"place": lobby, "answered": answering(world, "Ben")})
    world.press("Mo", button(told(world, "Mo")[0], "Warn"))
    world.do("Mo", "ban", person="Ben", reason="spam", at={"place": lobby})
    rows = world.dump()["mod_act"]
    assert any("Case 3, Mo: spam" in repr(row) for row in rows)
    assert not any("Tim" in repr(row) for row in rows)
    assert world.clock.now() % HOUR == 0


def test_named_accounts_are_not_made_people_by_reading(world: World, lobby: Place) -> None:
    before = world.dump("quota_use")
    with pytest.raises(NotFound):
        world.do("Mo", "cases", person="444444", at={"place": lobby, "named": (Named("444444", "Zed"),)})
    assert world.dump("quota_use") == before
