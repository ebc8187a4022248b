"""People by @name: of this platform first, and whoever this very message mentions."""

from __future__ import annotations

import pytest

from core.access.people import access_person
from core.errors import NotFound
from core.operations import Origin
from core.operations.run import Ask, Done
from core.people.people import speaker
from core.store import Unit
from tests.world import PUBLIC, World


@pytest.fixture
def world(world: World) -> World:
    """Ana decides for Parser; Nora is nobody that Ana knows."""
    world.nexus("Parser", owner="Ana")
    world.person("Nora", platform="discord", username="nora")
    return world


def test_two_platforms_have_the_same_username(world: World) -> None:
    def unit(unit: Unit) -> None:
        for platform in ("terminal", "discord"):
            someone = speaker(
                unit, platform=platform, workspace="", external_id="k", name=f"Kim of {platform}", username="Kim"
            )
            world.people[platform] = world.people["Ana"].__class__(
                someone.account_id, someone.person_id, someone.name, platform, "k"
            )

    world.write(unit)
    for platform in ("terminal", "discord"):
        world.join(platform, "Parser", here=False)
    assert world.read(lambda unit: access_person(world.context(unit, "Ana"), "@kim")).name == "Kim of terminal"
    world.join("discord", "Parser", "moderator")
    assert world.read(lambda unit: access_person(world.context(unit, "discord"), "@KIM")).name == "Kim of discord"
    world.do("Ana", "role.revoke", person=f"={world.id_of('terminal')}", role="member")
    assert world.read(lambda unit: access_person(world.context(unit, "Ana"), "@kim")).name == "Kim of discord"


def test_whom_a_message_mentions_can_be_meant(world: World) -> None:
    nora = world.id_of("Nora")
    at = {"mentioned": (("nora", nora),)}
    with pytest.raises(NotFound):
        world.call("Ana", "role.grant", person="@nora", role="member")
    for words in ("Nora", f"={nora}", "@norax"):  # only the mention itself is one
        with pytest.raises(NotFound):
            world.call("Ana", "role.grant", person=words, role="member", at=at)
    asked = world.call("Ana", "role.grant", person="@Nora", role="member", at=at)
    assert isinstance(asked, Ask)
    assert asked.arguments["person"] == "Nora"
    assert isinstance(world.press("Ana", asked.buttons[0].token), Done)
    assert world.read(lambda unit: access_person(world.context(unit, "Ana"), "nora")).id == nora


def test_a_mention_reveals_a_name_and_nothing_else(world: World) -> None:
    world.nexus("Secret", owner="Nora", door="private")
    world.do("Nora", "need.post", text="a hidden desk", nexus="Secret")
    at = {"mentioned": (("nora", world.id_of("Nora")),)}
    for audience in (None, PUBLIC):
        seen = world.do("Ana", "person.show", person="@nora", at=at | {"audience": audience})
        assert (seen.name, seen.roles, seen.needs, seen.offers) == ("Nora", (), (), ())


def test_nobody_is_found_by_typing_what_a_card_carries(world: World) -> None:
    nora = world.id_of("Nora")
    for origin in (Origin.COMMAND, Origin.TALK, Origin.CLI):
        with pytest.raises(NotFound):
            world.call("Ana", "person.show", person=f"=@{nora}", at={"origin": origin})
    with pytest.raises(NotFound):
        world.call("Ana", "person.show", person="=@17", at={"origin": Origin.BUTTON})


def test_a_mention_of_somebody_known_is_an_ordinary_reference(world: World) -> None:
    world.join("Ben", "Parser")
    named = (("ben", world.id_of("Ben")), ("ana", world.id_of("Ana")))

    def unit(unit: Unit) -> None:
        context = world.context(unit, "Ana", mentioned=named)
        assert not access_person(context, "@ben").mentioned
        assert not access_person(context, "@ana").mentioned

    world.read(unit)
