"""Many servers and conversations at once, on one event loop."""

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.talk import DiscordTalk
from tests.test_fakes.test_discord.tools import discord, intents, running


class Echo(discord.Client):
    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            await message.channel.send(message.content)


async def test_many_servers_and_conversations(fake: FakeDiscord) -> None:
    people = [fake.user(f"Person {number}") for number in range(20)]
    names = [f"channel-{number}" for number in range(10)]
    guilds = [fake.guild(f"Guild {number}", members=people, channels=names) for number in range(60)]
    async with running(fake, Echo(intents=intents())) as (client, _):
        assert len(client.guilds) == 60
        plan = {"chats": 60, "messages": 3, "expect": "message {n} of {chat}"}
        for kind in ("channel", "dm"):
            result = await DiscordTalk(fake, guilds, kind=kind, **plan).run()  # type: ignore[arg-type]
            assert (result["replies"], result["missing"]) == (180, 0)
            assert 0 < min(result["first"]) <= max(result["done"])
        again = await DiscordTalk(fake, guilds, chats=2, messages=1, people=[str(one.id) for one in people]).run()
        assert (again["replies"], people[1].dm().messages[-2].text) == (2, "message 0 of 1")
        lost = await DiscordTalk(fake, guilds, chats=1, messages=2, expect="never", timeout=0.05).run()
        assert (lost["replies"], lost["missing"]) == (0, 1)
