"""What a conversation is made of: a message and its reply, a command and its card, a button, a question, a file."""

from __future__ import annotations

import pytest

from core.clock import DAY
from tests.contract.house import Scene, Stub, found_code, request
from tests.contract.surfaces import Surface
from tests.contract.surfaces.phone import Phone


async def test_a_message_gets_a_reply_and_the_first_one_says_who_can_read_along(surface: Surface) -> None:
    said = await surface.say("Ana", "hello")
    assert said.startswith("Hi Ana. I'm the Cofounder of this Nexus.")
    assert "can technically read what you write" in said
    assert said.endswith("Hello. What are you working on?")
    assert await surface.say("Ana", "hello") == "Hello. What are you working on?"


async def test_a_command_gets_a_card(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    await surface.say("Ana", "/create Parser")
    said = await surface.say("Ana", "/nexus")
    assert "Parser" in said
    assert "1 person" in said
    assert "owner" in said


async def test_a_thought_is_kept_with_an_undo_that_takes_it_back(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    said = await surface.say("Ana", "Rain makes the river brown.")
    assert "Kept, for you alone: “Rain makes the river brown.”" in said
    assert surface.buttons("Ana") == ["Undo"]
    assert "Gone" in await surface.press("Ana", "Undo")
    assert surface.buttons("Ana") == []
    assert "no thoughts" in await surface.say("Ana", "/thoughts")


async def test_what_matters_waits_for_a_yes(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    said = await surface.say("Ana", "I need a designer")
    assert "Post this need in Home: “a designer”?" in said
    assert surface.buttons("Ana") == ["Yes", "No"]
    assert "no open needs" in await surface.say("Ana", "/needs")
    assert "Posted in Home: you need “a designer”" in await surface.press("Ana", "Yes")
    assert surface.buttons("Ana") == []
    assert "a designer" in await surface.say("Ana", "/needs")


async def test_a_no_changes_nothing(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    await surface.say("Ana", "I need a designer")
    before = surface.house.dump()
    assert "left it as it was" in await surface.press("Ana", "No")
    assert surface.house.dump() == before
    assert surface.buttons("Ana") == []


async def test_a_second_press_does_nothing(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    await surface.say("Ana", "I need a designer")
    token, message_id = surface.token("Ana", "Yes")
    await surface.press("Ana", "Yes")
    before = surface.house.dump()
    assert "already decided" in await surface.forge("Ana", token, message_id)
    assert surface.house.dump() == before


async def test_a_forged_press_does_nothing(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    await surface.say("Ana", "I need a designer")
    _, message_id = surface.token("Ana", "Yes")
    before = surface.house.dump()
    for token in ("A" * 22, "need.post", "x", "=1"):
        assert "not one of mine" in await surface.forge("Ana", token, message_id)
    assert surface.house.dump() == before
    assert "Posted" in await surface.press("Ana", "Yes")


async def test_a_press_of_somebody_elses_button_does_nothing(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    await scene.invited("Ana", "Ben")
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    await surface.say("Ben", "hello")
    await surface.say("Ana", "I need a designer")
    token, _ = surface.token("Ana", "Yes")
    before = surface.house.dump()
    assert "for somebody else" in await surface.forge("Ben", token, surface.any_message("Ben"))
    assert surface.house.dump() == before
    assert "Posted" in await surface.press("Ana", "Yes")


async def test_a_button_runs_out_after_a_day(surface: Surface, scene: Scene, stub: Stub) -> None:
    await scene.claimed()
    stub.knows["I need a designer"] = request("need.post", text="a designer")
    await surface.say("Ana", "I need a designer")
    before = surface.house.dump()
    surface.house.clock.advance(DAY)
    assert "has run out" in await surface.press("Ana", "Yes")
    assert surface.house.dump() == before


@pytest.mark.parametrize("surface", ["terminal", "telegram"], indirect=True)
async def test_what_is_missing_is_asked_for_and_the_next_message_fills_it(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    assert "Tell me what you need" in await surface.say("Ana", "/need post")
    said = await surface.say("Ana", "a quiet desk")
    assert "Post this need in Home: “a quiet desk”?" in said
    assert "a quiet desk" in await surface.press("Ana", "Yes")


async def test_a_command_that_is_none_says_so(surface: Surface) -> None:
    said = await surface.say("Ana", "/frobnicate now")
    assert "I know no command /frobnicate. Say “help” to see what you can do here." in said


async def test_a_refusal_says_what_why_and_who_can_help(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    await scene.invited("Ana", "Ben")
    said = await surface.say("Ben", "/nexus rename Harbour")
    assert said == "That takes a steward of Home, which you are not. Ana could help."


async def test_a_long_answer_arrives_whole(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    words = [f"thing {number} of the many that I need for the harbour, please" for number in range(30)]
    for text in words:
        await surface.say("Ana", f"/need post {text} {'and so on ' * 20}")
    said = await surface.say("Ana", "/needs")
    assert len(said) > 5000
    assert [text for text in words if text in said] == words[-20:] or all(text in said for text in words)
    if isinstance(surface, Phone):
        assert max(len(m.text.encode("utf-16-le")) // 2 for m in surface.chat("Ana").bot_messages) <= 4096


async def test_a_small_text_file_is_read_as_what_it_says(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    said = await surface.send_file("Ana", "idea.txt", b"The tide clock could ring a bell.")
    assert "Kept, for you alone: “The tide clock could ring a bell.”" in said


async def test_a_file_without_words_that_cannot_be_read_says_so(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    before = surface.house.dump()
    said = await surface.send_file("Ana", "picture.bin", b"\x00\x01\x02")
    assert said
    assert "file" in said
    assert surface.house.dump() == before


async def test_a_file_with_words_is_answered_by_its_words(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    assert "What are you working on" in await surface.send_file("Ana", "picture.bin", b"\x00", "hello")


async def test_an_invitation_is_shown_once_and_lets_one_person_in(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    said = await surface.say("Ana", "/invite")
    code = found_code(said)
    assert "one person in as member" in said
    welcome = await surface.say("Ben", f"/accept {code}")
    assert "Welcome to Home. You came in as member." in welcome
    assert "Ben used your invitation and is in Home now." in await surface.news("Ana")
    refused = await surface.say("Cleo", f"/accept {code}")
    unknown = await surface.say("Dora", "/accept KF3M-9TQ2-X7PD")
    assert refused.replace("Cleo", "") == unknown.replace("Dora", "")
