"""Rules through their operations: seen, set with a preview, taken back; how a new Nexus shares."""

from __future__ import annotations

import pytest

from core.clock import DAY
from core.errors import BadInput, Conflict, Missing, NotAllowed
from core.nexuses.tree import ROOT_ID, nexus_of
from core.notices.notices import waiting
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask, Done
from core.rules.rules import rules_of
from tests.core.rulebook.house import asked, furnish, refused, sees
from tests.world import PUBLIC, World


@pytest.fixture
def house(world: World) -> World:
    """Parser with its people, and Lab inside it."""
    return furnish(world)


# -- looking -----------------------------------------------------------------------------------------------------

ALL_FOR_MEMBERS = "members may see them, repeat them in channels, count them and build on them; nobody else."


def test_rules_are_shown_with_where_they_come_from(house: World) -> None:
    found = house.do("Ana", "rule.show")
    assert found.items == (f"Needs, offers, facts about people, grants and funds: {ALL_FOR_MEMBERS}",)
    assert (found.own, found.may_change) == ((), False)
    assert [(one.nexus, one.rule) for one in found.above] == [
        ("Home", "Members may see everything, repeat it in channels, count it and build on it")
    ]
    assert house.do("Otto", "rule.show").may_change


def test_own_rules_are_shown_and_those_above_that_still_decide(house: World) -> None:
    house.do("Otto", "rule.set", text="the public may see needs until 3 Dec 2026")
    house.do("Otto", "rule.set", text="members may not see offers")
    found = house.do("Ana", "rule.show")
    assert found.own == ("Anybody may see needs (until 3 Dec 2026)", "Members may not see offers")
    assert found.items[0].startswith("Needs: anybody may see them; ")
    below = house.do("Lea", "rule.show")
    assert [one.nexus for one in below.above] == ["Parser", "Parser", "Home"]
    # All that Home says about members is said anew here: then nothing of it decides any more.
    house.do("Otto", "rule.set", text="members may see, repeat, count and build on everything")
    assert all(one.nexus == "Parser" for one in house.do("Lea", "rule.show").above)


def test_a_rule_that_has_ended_is_not_shown(house: World) -> None:
    house.do("Otto", "rule.set", text="the public may see needs for two days")
    assert sees(house, "Eve") == 6
    house.clock.advance(3 * DAY)
    assert house.do("Ana", "rule.show").own == ()
    assert sees(house, "Eve") == 0


def test_rules_are_for_members_to_hear(house: World) -> None:
    assert isinstance(refused(house, "Gus", "rule.show"), NotAllowed)
    with pytest.raises(NotAllowed, match="direct message"):
        house.do("Ana", "rule.show", at={"audience": PUBLIC})
    members = Audience(AudienceKind.MEMBERS, nexus_id=house.nexuses["Parser"].id)
    assert house.do("Ana", "rule.show", at={"audience": members}).nexus == "Parser"
    with pytest.raises(NotAllowed, match="direct message"):
        house.do("Ana", "rule.show", nexus="Parser", at={"audience": Audience(AudienceKind.MEMBERS, nexus_id=ROOT_ID)})
    both = Audience(AudienceKind.PEOPLE, people=tuple(sorted((house.id_of("Ana"), house.id_of("Otto")))))
    assert house.do("Ana", "rule.show", at={"audience": both}).nexus == "Parser"
    for other in (0, house.id_of("Gus")):
        mixed = Audience(AudienceKind.PEOPLE, people=tuple(sorted((other, house.id_of("Ana")))))
        with pytest.raises(NotAllowed, match="direct message"):
            house.do("Ana", "rule.show", at={"audience": mixed})


def test_a_private_nexus_above_has_no_name_for_whoever_may_not_know_it(world: World) -> None:
    world.nexus("Secret", owner="Zoe", door="private")
    world.nexus("Garden", owner="Otto", parent="Secret", door="open")
    world.do("Zoe", "rule.set", text="guests may not see needs, locked", nexus="Secret")
    place = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Garden"].id)
    assert {one.nexus for one in world.do("Otto", "rule.show", at={"audience": place}).above} == {"Secret", "Home"}
    world.join("Eve", "Garden", "guest")
    reason = " ".join(world.do("Eve", "why", thing="needs").items)
    assert "Secret" in reason  # Eve is in something inside it, so that she knows it
    world.person("Mo")
    told = " ".join(world.do("Mo", "why", thing="needs", nexus="Garden").items)
    assert "Secret" not in told


# -- setting -----------------------------------------------------------------------------------------------------


def test_the_card_says_what_would_be_seen_by_whom_and_where(house: World) -> None:
    text = asked(house, "Otto", "rule.set", text="the public may see needs")
    assert text.split("\n") == [
        "Shall this hold in Parser?",
        "• Anybody may see needs.",
        "",
        "Anybody could then see 7 needs.",
        "Then it would be: Needs: anybody may see them; members may repeat them in channels, count them and build on "
        "them.",
        "It counts for the Nexus inside Parser as well.",
    ]
    assert sees(house, "Eve") == 0  # nothing yet
    done = house.do("Otto", "rule.set", text="the public may see needs")
    assert (done.nexus, done.rules) == ("Parser", "Anybody may see needs")
    assert sees(house, "Eve") == 6
    assert sees(house, "Eve", "Lab") == 1


def test_several_things_stand_on_one_card_and_are_done_at_once(house: World) -> None:
    said = "members may see needs, the public only counts"
    text = asked(house, "Otto", "rule.set", text=said)
    assert "• Members may see needs.\n• Anybody may count needs.\n• The public may not see needs," in text
    house.do("Otto", "rule.set", text=said)
    assert [(r.audience, r.effect) for r in house.read(lambda unit: rules_of(unit, house.nexuses["Parser"].id))] == [
        ("member", "permit"),
        ("public", "permit"),
        ("public", "deny"),
    ]
    assert sees(house, "Eve") == 0
    assert sees(house, "Member 1") == 6


def test_one_by_one_is_the_same_as_a_sentence(house: World) -> None:
    house.do("Otto", "rule.set", kind="needs, offers", who="the public", what="see", effect="allow", where="here only")
    kept = house.read(lambda unit: rules_of(unit, house.nexuses["Parser"].id))
    assert {(r.kind, r.audience, r.effect, r.scope) for r in kept} == {
        ("need", "public", "permit", "self"),
        ("offer", "public", "permit", "self"),
    }
    assert sees(house, "Eve", "Lab") == 0
    house.do("Otto", "rule.set", kind="needs", who="guests", what="see", effect="deny", locked="yes", until="friday")
    (last,) = [r for r in house.read(lambda unit: rules_of(unit, house.nexuses["Parser"].id)) if r.audience == "guest"]
    assert last.locked
    assert last.not_after == house.clock.now() + 2 * DAY  # the clock stands on a Thursday, as it begins


def test_what_is_missing_is_asked_for(house: World) -> None:
    nothing = refused(house, "Otto", "rule.set")
    assert isinstance(nothing, Missing)
    assert nothing.data["names"] == ["text"]
    assert refused(house, "Otto", "rule.set", kind="needs").data["names"] == ["who", "what"]
    assert refused(house, "Otto", "rule.set", text="the public only counts").data["names"] == ["kind"]
    house.do("Otto", "rule.set", text="the public only counts", kind="offers")
    assert house.do("Otto", "rule.show").own == (
        "Anybody may count offers",
        "The public may not see offers, repeat them in channels, build on them or take them along",
    )


def test_what_is_not_understood_is_no_rule(house: World) -> None:
    before = house.dump("button", "quota_use")
    assert "“tuesdays”" in refused(house, "Otto", "rule.set", text="the public may see needs on tuesdays").message
    assert "“lab”" in refused(house, "Otto", "rule.set", text="the public may see needs in Lab").message
    assert "“soon”" not in refused(house, "Otto", "rule.set", text="the public may see needs until soon").message
    for wrong in ("hello", "needs"):
        assert isinstance(refused(house, "Otto", "rule.set", text=wrong), BadInput)
    assert isinstance(refused(house, "Otto", "rule.set", text="the public may see needs, locked"), BadInput)
    assert house.dump("button", "quota_use") == before


def test_a_sentence_may_name_the_nexus_that_is_meant(house: World) -> None:
    assert house.do("Otto", "rule.set", text="the public may see needs in Parser").nexus == "Parser"
    assert house.do("Otto", "rule.set", text="guests may see needs in Lab", nexus="Lab").nexus == "Lab"


def test_thoughts_are_nobodys_but_their_authors(house: World) -> None:
    for arguments in ({"text": "let the public see thoughts"}, {"kind": "thoughts", "who": "members", "what": "see"}):
        assert refused(house, "Otto", "rule.set", **arguments).code == "private_kind"
    house.do("Otto", "rule.set", text="the public may see everything")
    house.do("Ana", "thought.add", text="mine alone")
    assert sees(house, "Eve", kind="thought") == 0


def test_what_a_lock_above_forbids_cannot_be_allowed(house: World) -> None:
    house.do("Zoe", "rule.set", text="the public may not see needs, locked", nexus="Home")
    before = house.dump("button", "quota_use")
    refusal = refused(house, "Otto", "rule.set", text="the public may see needs")
    assert (refusal.code, isinstance(refusal, Conflict)) == ("no_effect", True)
    assert refusal.message == (
        "That would change nothing. A rule of Home comes before it: “The public may not see needs (no Nexus inside can "
        "lift that)”. Only the stewards there can change that."
    )
    assert house.dump("button", "quota_use") == before
    partly = asked(house, "Otto", "rule.set", text="the public may see needs and offers")
    assert "In part it changes nothing. A rule of Home comes before it" in partly
    assert "Anybody could then see offers (none yet)." in partly


def test_an_own_rule_on_everything_comes_first(house: World) -> None:
    house.do("Otto", "rule.set", text="guests may not see anything")
    refusal = refused(house, "Otto", "rule.set", text="guests may see needs")
    assert "Parser has a rule of its own that comes before it: “Guests may not see anything”" in refusal.message


def test_what_holds_already_is_said(house: World) -> None:
    house.do("Otto", "rule.set", text="the public may see needs")
    assert "is the rule of Parser already" in refused(house, "Otto", "rule.set", text="let everybody see needs").message
    text = asked(house, "Otto", "rule.set", text="members may see offers")
    assert "Nobody would see more or less than now" in text


def test_repeating_alone_and_taking_along_alone_do_nothing_and_are_not_completed(house: World) -> None:
    repeat = refused(house, "Otto", "rule.set", text="guests may repeat needs")
    assert "guests may not see needs here, so there is nothing to repeat" in repeat.message
    export = refused(house, "Otto", "rule.set", text="guests may see and export needs")
    assert "“guests may see, repeat and export needs”" in export.message
    house.do("Otto", "rule.set", text="guests may see, repeat and export needs")
    house.do("Otto", "rule.set", text="members may export needs")  # they see and repeat them by the rule of Home
    house.do("Otto", "rule.set", text="stewards may repeat needs")  # who has a role here is a member


def test_a_card_that_was_shown_is_what_is_done(house: World) -> None:
    ask = house.call("Otto", "rule.set", text="guests may see needs for two days")
    assert isinstance(ask, Ask)
    house.clock.advance(DAY // 2)
    house.press("Otto", ask.buttons[0].token)
    (kept,) = house.read(lambda unit: rules_of(unit, house.nexuses["Parser"].id))
    assert kept.not_after == house.clock.now() - DAY // 2 + 2 * DAY  # as it was said, not from the press on
    assert (kept.audience, kept.made_by) == ("guest", house.id_of("Otto"))


def test_numbers_stay_with_whoever_asks(house: World) -> None:
    """In a group the card is for the steward alone: numbers of what others may not see are on it."""
    assert house.call("Otto", "rule.set", text="the public may see needs").operation.private  # type: ignore[union-attr]


def test_stewards_inside_hear_of_what_is_newly_visible(house: World) -> None:
    house.do("Otto", "rule.set", text="members may not see offers")
    assert house.write(waiting) == []
    house.do("Otto", "rule.set", text="the public may see needs")
    (told,) = house.write(waiting)
    assert told["person_id"] == house.id_of("Lea")
    assert told["template"].format(**told["data"]) == (
        "Otto changed the rules of Parser, and more may be seen now in Lab too: Anybody may see needs."
    )


def test_whoever_changes_it_is_not_told_themselves(house: World) -> None:
    house.join("Otto", "Lab", "steward", here=False)
    house.join("Rita", "Parser", "steward", here=False)  # where it was changed: she sees it in what has happened
    house.do("Otto", "rule.set", text="the public may see needs")
    assert [row["person_id"] for row in house.write(waiting)] == [house.id_of("Lea")]


def test_a_preview_tells_more_and_changes_nothing(house: World) -> None:
    before = house.dump()
    found = house.call("Otto", "rule.preview", text="members below may see needs")
    assert isinstance(found, Done)
    assert house.dump() == before
    assert found.result.rules == ("Members of the Nexuses inside may see needs",)
    assert found.result.items[0] == "Members of the Nexuses inside (a few people) could then see 6 needs."
    assert found.result.nexuses == ("Parser: 6 needs", "Lab: a few needs")
    assert len(found.result.examples) == 6
    # Otto sees none of Lab's: no example comes from there.
    assert not any("bench" in example for example in found.result.examples)


# -- taking back -------------------------------------------------------------------------------------------------


def test_rules_are_taken_back(house: World) -> None:
    house.do("Otto", "rule.set", text="the public may see needs and offers, guests may see needs")
    text = asked(house, "Otto", "rule.clear", kind="needs", who="public")
    assert text.startswith("Take this back in Parser? The rules above decide then.\n• Anybody may see needs.")
    assert "The public could no longer see 7 needs." in text
    done = house.do("Otto", "rule.clear", kind="needs", who="public")
    assert done.rules == "Anybody may see needs"
    assert house.do("Otto", "rule.show").own == ("Anybody may see offers", "Guests may see needs")
    house.do("Otto", "rule.clear")
    assert house.do("Otto", "rule.show").own == ()
    assert sees(house, "Eve") == 0


def test_one_action_is_taken_out_of_a_rule(house: World) -> None:
    house.do("Otto", "rule.set", text="guests may see and count needs")
    house.do("Otto", "rule.clear", what="count")
    assert house.do("Otto", "rule.show").own == ("Guests may see needs",)


def test_what_is_not_there_cannot_be_taken_back(house: World) -> None:
    assert "has no rule of its own like that" in refused(house, "Otto", "rule.clear").message
    house.do("Otto", "rule.set", text="guests may see needs")
    assert isinstance(refused(house, "Otto", "rule.clear", kind="everything"), Conflict)


def test_a_locked_rule_can_be_taken_back_where_it_was_set(house: World) -> None:
    house.do("Zoe", "rule.set", text="guests may not see needs, locked", nexus="Home")
    assert isinstance(refused(house, "Otto", "rule.clear", who="guests"), Conflict)
    house.do("Zoe", "rule.clear", who="guests", nexus="Home")
    house.do("Otto", "rule.set", text="guests may see needs")
    assert sees(house, "Gus") == 6


# -- starting a Nexus --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sharing", "card", "sees_it"),
    [
        ("open", "Anybody could see what is posted in it, and I may repeat it anywhere.", {"Ana", "Eve"}),
        ("members", "Only its members could see what is posted in it, also in its channels.", {"Ana"}),
        (
            "private",
            "Only its members could see what is posted in it, when they ask me alone; I keep it out of channels.",
            {"Ana"},
        ),
        (None, "", {"Ana"}),
    ],
)
def test_a_new_nexus_shares_as_was_said(house: World, sharing: str | None, card: str, sees_it: set[str]) -> None:
    arguments = {"name": "Garden", "parent": "Parser", "sharing": sharing}
    ask = house.call("Ana", "nexus.create", **arguments, at={"origin": Origin.TALK})
    assert isinstance(ask, Ask)
    question = ask.question.format(**ask.arguments)
    assert question == f"Start a Nexus called Garden inside Parser? {card} You would be its owner.".replace("  ", " ")
    done = house.press("Ana", ask.buttons[0].token)
    assert isinstance(done, Done)
    assert done.result.sees.startswith("Needs, offers, facts about people, grants and funds: ")
    assert ("anybody may see them" in done.result.sees) == (sharing == "open")
    assert ("in channels" in done.result.sees) == (sharing != "private")
    house.nexuses["Garden"] = house.read(lambda unit: nexus_of(unit, done.result.nexus_id))
    house.do("Ana", "need.post", text="seeds")
    assert {who for who in ("Ana", "Eve", "Gus") if sees(house, who, "Garden")} - {"Gus"} == sees_it


def test_the_card_of_a_new_nexus_does_not_promise_what_a_lock_forbids(house: World) -> None:
    house.do("Zoe", "rule.set", text="the public may not see facts, locked", nexus="Home")
    text = asked(house, "Ana", "nexus.create", name="Garden", sharing="open", at={"origin": Origin.TALK})
    assert "A rule above keeps some of it from the public all the same." in text
