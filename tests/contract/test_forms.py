"""What a command lacks is asked for in a form, where the platform has forms; what is wrong in it is said there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.contract.conftest import Move, furnished
from tests.contract.house import Scene, Stub, request, until
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.office import Office
from tests.contract.surfaces.server import Server


@pytest.fixture
async def server(move: Move, stub: Stub) -> AsyncIterator[Server]:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(move(offline=stub, **await furnished(stack, "discord")))
        assert house.server is not None
        await Scene(house.server).claimed()
        yield house.server


@pytest.fixture
async def office(move: Move, stub: Stub) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(move(offline=stub, **await furnished(stack, "slack")))
        assert house.office is not None
        await Scene(house.office).claimed()
        yield house.office


async def test_discord_asks_for_a_long_text_in_a_form(server: Server) -> None:
    chat, ana = server.chat("Ana"), server.user("Ana")
    asked = chat.slash(ana, "need", "post")
    form = await asked.modal(PATIENCE)
    assert [field["label"] for field in form.fields] == ["What you need"]
    await server.settle(asked.submit({"What you need": "a quiet desk"}))
    assert "you need “a quiet desk”" in await server.news("Ana")
    assert server.house.count("record") == 1


async def test_discord_says_what_is_wrong_in_a_form_and_keeps_what_was_typed(server: Server) -> None:
    chat, ana = server.chat("Ana"), server.user("Ana")
    asked = chat.slash(ana, "need", "post")
    form = await asked.modal(PATIENCE)
    # Discord's client holds back what is too short; what it cannot know is that spaces do not count.
    wrong = asked.submit({form.fields[0]["label"]: "   x   "})
    answer = await wrong.answered(PATIENCE)
    assert "a bit short" in answer.words
    assert answer.ephemeral or chat.guild is None
    assert server.house.count("record") == 0
    again = chat.press(ana, answer, answer.buttons[0])
    form = await again.modal(PATIENCE)
    assert "x" in repr(form.fields[0])
    await server.settle(again.submit({form.fields[0]["label"]: "an axe"}))
    assert server.house.count("record") == 1


async def test_slack_asks_in_a_modal_and_says_what_is_wrong_beside_the_field(office: Office) -> None:
    ana = office.user("Ana")
    delivery = office.team.slash(ana, office.chat("Ana"), "/nexus", "need post")
    await delivery.acked(PATIENCE)
    await until(lambda: office.team.views_of(ana))
    view = office.team.views_of(ana)[-1]
    answer = await office.team.submit_view(ana, view, {"text": "   x   "})
    assert answer is not None
    assert answer["response_action"] == "errors"
    assert "a bit short" in answer["errors"]["text"]
    assert office.house.count("record") == 0
    assert not await office.team.submit_view(ana, view, {"text": "a quiet desk"})
    await office.house.settle()
    assert "you need “a quiet desk”" in await office.news("Ana")
    assert office.house.count("record") == 1


async def test_completions_are_those_that_this_person_may_know(server: Server) -> None:
    await server.say("Ana", "/create Parser door=private")
    await server.say("Ben", "/help")
    for who, expected in (("Ana", True), ("Ben", False)):
        choices = await server.chat(who).autocomplete(
            server.user(who), "nexus", "show", {"nexus": "par"}, focused="nexus"
        )
        assert any("Parser" in choice["name"] for choice in choices) is expected


async def test_a_sentence_behind_the_one_command_of_slack_is_talk(office: Office, stub: Stub) -> None:
    stub.knows["i need a sailmaker"] = request("need.post", text="a sailmaker")
    said = await office.say("Ana", "/I need a sailmaker")
    assert "Post this need in Home: “a sailmaker”?" in said
    assert "a sailmaker" in await office.press("Ana", "Yes")
    assert "I know no command /frobnicate" in await office.say("Ana", "/frobnicate")


async def test_the_home_tab_shows_where_one_stands(office: Office) -> None:
    await office.say("Ana", "/need post a quiet desk")
    ana = office.user("Ana")
    office.team.open_home(ana)
    await until(lambda: office.team.home_of(ana))
    shown = repr(office.team.home_of(ana).content)  # type: ignore[union-attr]
    assert "where you stand" in shown
    assert "a quiet desk" in shown
    assert "Home" in shown
    assert "nexus_open:need.post" in shown
    assert "nexus_open:offer.post" in shown
