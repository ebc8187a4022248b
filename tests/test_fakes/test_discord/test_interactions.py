"""Commands, buttons, menus, forms, completion: what people do, and what the library makes of it."""

import asyncio
import io
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults
from tests.test_fakes.test_discord.bot import TestBot
from tests.test_fakes.test_discord.tools import discord


async def test_a_deferred_private_answer(bot: TestBot, general: Channel, ana: User, ben: User) -> None:
    asked = general.slash(ana, "need", "post", {"text": "a rope"})
    answer = await asked.answered()
    assert (answer.text, answer.ephemeral_for, asked.deferred, asked.ephemeral) == ("posted a rope", ana, True, True)
    assert asked.ack_seconds is not None
    assert asked.ack_seconds < 3
    second = await general.world.until(lambda: asked.responses[1] if len(asked.responses) > 1 else None)
    assert (second.text, answer.edits) == ("second", 1)
    assert general.visible_to(ana) == [answer, second]
    assert general.visible_to(ben) == general.messages == []
    assert answer.interaction is asked
    told = [body for kind, body in general.world.gateway.sessions[0].told if kind == "MESSAGE_CREATE"]
    assert [(body["flags"] & 64, "guild_id" in body) for body in told] == [(64, False)] * 2


async def test_a_public_answer_is_told_to_the_bot(fake: FakeDiscord, bot: TestBot, general: Channel, ana: User) -> None:
    answer = await general.slash(ana, "say", {"text": "hi"}).answered()
    assert (answer.text, answer.ephemeral, general.bot_messages) == ("hi", False, [answer])
    assert [kind for kind, _ in fake.gateway.sessions[0].told][-2:] == ["INTERACTION_CREATE", "MESSAGE_CREATE"]


async def test_every_kind_of_option(bot: TestBot, guild: Guild, general: Channel, ana: User, ben: User) -> None:
    crew = guild.role("crew")
    given = {
        "whole": 3,
        "part": 1.5,
        "yes": True,
        "who": ben,
        "role": crew,
        "where": general,
        "file": ("a.txt", b"data"),
        "colour": "Red",
    }
    await general.slash(ana, "all", given).answered()
    assert bot.got == [3, 1.5, True, ben.id, crew.id, general.id, b"data", "r"]
    for wrong in ({"whole": 10}, {"yes": "yes"}, {"colour": "blue"}, {"who": crew}, {"where": None}):
        with pytest.raises(ValueError, match="option"):
            general.slash(ana, "all", given | wrong)
    with pytest.raises(LookupError, match="no options"):
        general.slash(ana, "all", given | {"more": 1})
    with pytest.raises(LookupError, match="no command"):
        general.slash(ana, "nothing")
    with pytest.raises(LookupError, match="needs one of"):
        general.slash(ana, "need")


async def test_who_is_offered_a_command(bot: TestBot, guild: Guild, general: Channel, ana: User) -> None:
    with pytest.raises(PermissionError, match="ana"):
        general.slash(ana, "admin")
    assert (await general.slash(guild.owner, "admin").answered()).text == "yes"
    with pytest.raises(PermissionError, match="here"):
        ana.dm().slash(ana, "admin")
    assert (await ana.dm().slash(ana, "say", {"text": "alone"}).answered()).text == "alone"
    general.deny(guild.everyone, "use_application_commands")
    with pytest.raises(PermissionError, match="general"):
        general.slash(ana, "say", {"text": "x"})


async def test_completion(bot: TestBot, general: Channel, ana: User) -> None:
    choices = await general.autocomplete(ana, "need", "post", {"text": "ro"}, focused="text")
    assert [(one["name"], one["value"]) for one in choices] == [("ro!", "ro")]
    with pytest.raises(LookupError, match="no autocomplete"):
        general.autocomplete(ana, "say", {"text": "x"}, focused="text")


async def test_buttons_menus_and_forms(bot: TestBot, general: Channel, ana: User, ben: User) -> None:
    card = await general.slash(ana, "need", "post", {"text": "x"}).answered()
    assert card.buttons == ["Go", "Form", "Off"]
    pressed = general.press(ana, card, "Form")
    form = await pressed.modal()
    assert (form.title, form.labels) == ("What do you need?", ["What", "Why"])
    with pytest.raises(ValueError, match="filled in"):
        pressed.submit({})
    with pytest.raises(ValueError, match="20 characters"):
        pressed.submit({"What": "x" * 21})
    sent = pressed.submit({"What": "a boat"})
    assert (await sent.answered()).text == "a boat because"
    assert (await general.choose(ana, card, "B", menu=card.parts[5]["custom_id"]).answered()).text == "chose 2"
    assert (await general.choose(ana, card, ben, menu="Who").answered()).text == "who ben"
    with pytest.raises(LookupError, match="does not see"):
        general.press(ben, card, "Go")
    with pytest.raises(LookupError, match="disabled"):
        general.press(ana, card, "Off")
    with pytest.raises(LookupError, match="nothing called"):
        general.press(ana, card, "Stop")
    assert await general.press(ana, card, "Go").answered() is card
    assert (card.text, card.buttons) == ("gone", [])


async def test_menus_of_messages_and_people(bot: TestBot, guild: Guild, general: Channel, ana: User, ben: User) -> None:
    said = general.say(ben, "wise words")
    assert (await general.context_message(ana, "Keep", said).answered()).text == "kept wise words"
    assert (await guild.context_user(ana, "Who", ben).answered()).text == "who ben"


async def test_the_time_to_answer(fake: FakeDiscord, bot: TestBot, general: Channel, ana: User) -> None:
    held = fake.fail("POST", "/interactions/*/*/callback", faults.hold())
    late = general.slash(ana, "say", {"text": "late"})
    await held.reached.wait()
    fake.clock.advance(3.5)
    held.release()
    (call,) = await fake.wait_for_calls("POST", "/interactions/**")
    assert (call.status, call.code, late.ack_seconds, late.failed) == (404, 10062, None, True)


async def test_a_second_answer_and_an_old_token(fake: FakeDiscord, bot: TestBot, general: Channel, ana: User) -> None:
    asked = general.slash(ana, "say", {"text": "x"})
    await asked.answered()
    hook = f"{fake.api_base}/webhooks/{fake.application_id}/{asked.token}"
    callback = f"{fake.api_base}/interactions/{asked.id}/{asked.token}/callback"
    async with aiohttp.ClientSession() as session:

        async def post(url: str, body: object) -> tuple[int, object]:
            async with session.post(url, json=body) as answer:
                return answer.status, (await answer.json())["code"] if answer.status >= 400 else None

        assert await post(callback, {"type": 4, "data": {"content": "again"}}) == (400, 40060)
        assert await post(callback.replace("fake", "fuke"), {"type": 5}) == (404, 10062)
        assert await post(hook, {"content": "more"}) == (200, None)
        assert await post(hook, {"content": ""}) == (400, 50006)
        assert await post(hook.replace("fake", "fuke"), {"content": "more"}) == (401, 50027)
        early = general.slash(ana, "need", "post", {"text": "x"})
        fake.clock.advance(14 * 60)
        assert await post(hook, {"content": "still"}) == (200, None)
        fake.clock.advance(61)
        assert await post(hook, {"content": "too late"}) == (401, 50027)
        assert early.expired
    assert [one.text for one in asked.responses] == ["x", "more", "still"]


async def test_the_original_answer_is_read_changed_and_deleted(
    bot: TestBot, guild: Guild, general: Channel, ana: User
) -> None:
    @bot.tree.command(name="edit", description="Changes its answer")
    async def edit(interaction: discord.Interaction) -> None:
        answer = await interaction.response.send_message("one")
        assert isinstance(answer.resource, discord.InteractionMessage)
        assert (await interaction.original_response()).id == answer.message_id
        await interaction.edit_original_response(content="two")
        extra = await interaction.followup.send("extra", wait=True)
        await extra.edit(content="more")
        await interaction.delete_original_response()

    await bot.tree.sync()
    asked = general.slash(ana, "edit")
    await general.wait_for_reply(contains="more")
    await general.world.until(lambda: asked.original is not None and asked.original.deleted)
    assert asked.original is not None
    assert (asked.original.history, asked.original.text) == (["one"], "two")
    assert [one.text for one in asked.responses] == ["more"]


async def test_a_form_with_labels_and_a_card_of_the_new_style(bot: TestBot, ana: User) -> None:
    class Wide(discord.ui.Modal, title="Wide"):
        kind: discord.ui.Label[Any] = discord.ui.Label(
            text="Kind",
            component=discord.ui.Select(options=[discord.SelectOption(label="Tool", value="t")]),
        )
        note: discord.ui.Label[Any] = discord.ui.Label(text="Note", component=discord.ui.TextInput(required=False))

        async def on_submit(self, interaction: discord.Interaction) -> None:
            assert isinstance(self.kind.component, discord.ui.Select)
            assert isinstance(self.note.component, discord.ui.TextInput)
            view = discord.ui.LayoutView()
            view.add_item(discord.ui.TextDisplay(f"{self.kind.component.values} {self.note.component.value}"))
            view.add_item(discord.ui.ActionRow(discord.ui.Button(label="More")))
            await interaction.response.send_message(view=view)

    @bot.tree.command(name="wide", description="A form")
    async def wide(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Wide())

    await bot.tree.sync()
    dm = ana.dm()
    asked = dm.slash(ana, "wide")
    assert (await asked.modal()).labels == ["Kind", "Note"]
    with pytest.raises(ValueError, match="Kind"):
        asked.submit({"Note": "x"})
    with pytest.raises(LookupError, match="Hammer"):
        asked.submit({"Kind": "Hammer"})
    card = await asked.submit({"Kind": "Tool", "Note": "sharp"}).answered()
    assert (card.words, card.buttons, card.text) == ("['t'] sharp", ["More"], "")


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ({"type": 6}, "type"),
        ({"type": 8, "data": {"choices": []}}, "type"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "data.content"),
        ({"type": 9, "data": {"custom_id": "a", "title": "x" * 46, "components": []}}, "data.title"),
        ({"type": 9, "data": {"custom_id": "a", "title": "x", "components": []}}, "data.components"),
        (
            {
                "type": 9,
                "data": {
                    "custom_id": "a",
                    "title": "x",
                    "components": [{"type": 1, "components": [{"type": 4, "custom_id": "i", "style": 1, "label": ""}]}],
                },
            },
            "data.components.0.components.0.label",
        ),
    ],
)
async def test_answers_that_are_refused(
    fake: FakeDiscord, guild: Guild, general: Channel, ana: User, answer: Any, where: str
) -> None:
    fake.app.commands[None] = [{"id": "1", "name": "x", "type": 1}]
    asked = general.slash(ana, "x")
    url = f"{fake.api_base}/interactions/{asked.id}/{asked.token}/callback"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json=answer) as refused:
            body = await refused.json()
        assert (refused.status, body["code"], asked.ack_type) == (400, 50035, None)
        node = body["errors"]
        for part in where.split("."):
            node = node[part]
        assert node["_errors"]
        async with session.post(url, json={"type": 5}) as good:
            assert (good.status, asked.deferred, general.bot_messages) == (204, True, [])
        with pytest.raises(AssertionError, match="an answer to"):
            await asked.answered(0.01)


async def test_choices_that_are_refused(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    option = {"type": 4, "name": "n", "description": "d", "autocomplete": True}
    fake.app.commands[None] = [{"id": "1", "name": "x", "type": 1, "options": [option]}]
    waiting = asyncio.ensure_future(general.autocomplete(ana, "x", {"n": 1}, focused="n"))
    (asked,) = fake.interactions.values()
    url = f"{fake.api_base}/interactions/{asked.id}/{asked.token}/callback"
    async with aiohttp.ClientSession() as session:
        for choices, status in (
            ([{"name": "a", "value": 1}] * 26, 400),
            ([{"name": "a", "value": "text"}], 400),
            ([{"name": "a", "value": 1}], 204),
        ):
            async with session.post(url, json={"type": 8, "data": {"choices": choices}}) as answer:
                assert answer.status == status
    assert await waiting == [{"name": "a", "value": 1}]


async def test_files_in_answers(bot: TestBot, general: Channel, ana: User) -> None:
    @bot.tree.command(name="file", description="Sends files")
    async def file(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one", file=discord.File(io.BytesIO(b"1"), "1.txt"), ephemeral=True)
        await interaction.followup.send("two", file=discord.File(io.BytesIO(b"2"), "2.txt"))
        await interaction.edit_original_response(attachments=[discord.File(io.BytesIO(b"3"), "3.txt")])

    await bot.tree.sync()
    asked = general.slash(ana, "file")
    await general.world.until(lambda: (asked.original and asked.original.edits) or None)
    assert [one.attachments[0].content for one in asked.responses] == [b"3", b"2"]
    assert [one.ephemeral for one in asked.responses] == [True, False]
    assert asked.responses[0].attachments[0].filename == "3.txt"
