"""Appeals: by whom, to whom, and what comes of them."""

import pytest

from core.clock import HOUR
from core.errors import BadInput, Conflict, Missing, NotAllowed, NotFound
from core.operations import Named, Origin
from core.places.places import Place
from tests.core.moderation.cases.acting import NUMBERS, Chats, answering, button, case, group, told, words
from tests.core.moderation.cases.test_taking_back import linked
from tests.world import World


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
    Chats(world).carry()
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
