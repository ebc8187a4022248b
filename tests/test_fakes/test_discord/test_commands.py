"""Registering commands: what is kept, and what Discord refuses."""

from typing import Any

import pytest

from tests.fakes.discord import FakeDiscord, Guild
from tests.test_fakes.test_discord.tools import app_commands, discord


def _command(**fields: Any) -> dict[str, Any]:
    return {"name": "need", "description": "Needs", **fields}


def _option(kind: int = 3, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "name": "text", "description": "Text", **fields}


async def test_sync_keeps_ids(fake: FakeDiscord, client: discord.Client, guild: Guild) -> None:
    tree = app_commands.CommandTree(client)

    @tree.command(name="hello", description="Say hello")
    async def hello(interaction: discord.Interaction, name: app_commands.Range[str, 1, 20]) -> None: ...

    (first,) = await tree.sync()
    (again,) = await tree.sync()
    assert (first.id, first.name, first.options[0].name) == (again.id, "hello", "name")
    assert [one["name"] for one in fake.app.commands[None]] == ["hello"]
    await tree.sync(guild=discord.Object(guild.id))
    assert fake.app.commands[guild.id] == []
    tree.copy_global_to(guild=discord.Object(guild.id))
    await tree.sync(guild=discord.Object(guild.id))
    assert fake.app.commands[guild.id][0]["guild_id"] == str(guild.id)
    (fetched,) = await tree.fetch_commands()
    changed = await fetched.edit(description="Say it")
    assert (changed.id, changed.description) == (first.id, "Say it")
    await changed.delete()
    assert await tree.fetch_commands() == []
    with pytest.raises(discord.NotFound, match="10063"):
        await changed.delete()


@pytest.mark.parametrize(
    ("command", "where", "code"),
    [
        (_command(name="Big"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(name="two words"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(name="x" * 33), "0.name", "BASE_TYPE_BAD_LENGTH"),
        (_command(description=""), "0.description", "BASE_TYPE_BAD_LENGTH"),
        (_command(description="x" * 101), "0.description", "BASE_TYPE_BAD_LENGTH"),
        (_command(options=[_option(name=f"o{n}") for n in range(26)]), "0.options", "BASE_TYPE_BAD_LENGTH"),
        (_command(options=[_option(name="Text")]), "0.options.0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (_command(options=[_option(), _option()]), "0.options.1", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (
            _command(options=[_option(), _option(name="b", required=True)]),
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            _command(options=[_option(choices=[{"name": "a", "value": "a"}] * 26)]),
            "0.options.0.choices",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            _command(options=[_option(4, choices=[{"name": "a", "value": "a"}])]),
            "0.options.0.choices.0.value",
            "NUMBER_TYPE_COERCE",
        ),
        (_command(options=[_option(1, options=[_option(2)])]), "0.options.0.options.0.type", "BASE_TYPE_CHOICES"),
        (_command(options=[_option(1), _option(name="b")]), "0.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
        (
            {"name": "Keep", "type": 3, "description": "x"},
            "0.description",
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
        ),
        (_command(name_localizations={"xx": "a"}), "0.name_localizations.xx", "BASE_TYPE_CHOICES"),
        (
            _command(
                options=[
                    _option(name=f"o{n}", choices=[{"name": "x" * 100, "value": "y" * 100}] * 20) for n in range(3)
                ]
            ),
            "0",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_commands_that_are_refused(
    fake: FakeDiscord, client: discord.Client, command: Any, where: str, code: str
) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await client.http.bulk_upsert_global_commands(fake.application_id, payload=[command])
    assert caught.value.code == 50035
    node: Any = caught.value._errors
    for part in where.split("."):
        node = node[part]
    assert [one["code"] for one in node["_errors"]] == [code]
    assert fake.app.commands[None] == []


async def test_how_many_there_may_be(fake: FakeDiscord, client: discord.Client) -> None:
    many: list[Any] = [_command(name=f"c{number}") for number in range(101)]
    with pytest.raises(discord.HTTPException, match="30032"):
        await client.http.bulk_upsert_global_commands(fake.application_id, payload=many)
    await client.http.bulk_upsert_global_commands(fake.application_id, payload=many[:100])
    with pytest.raises(discord.HTTPException, match="30032"):
        await client.http.upsert_global_command(fake.application_id, payload=many[100])
    with pytest.raises(discord.HTTPException, match="50035"):
        await client.http.bulk_upsert_global_commands(fake.application_id, payload=many[:1] * 2)
    with pytest.raises(discord.Forbidden, match="20012"):
        await client.http.bulk_upsert_global_commands(5, payload=[])
