"""A bot with one of everything, for the tests of interactions."""

from typing import Any

from tests.test_fakes.test_discord.tools import app_commands, discord, intents


class Form(discord.ui.Modal, title="What do you need?"):
    what: discord.ui.TextInput[Any] = discord.ui.TextInput(label="What", max_length=20)
    why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Why", required=False, default="because")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{self.what.value} {self.why.value}", ephemeral=True)


class Card(discord.ui.View):
    @discord.ui.button(label="Go", custom_id="go")
    async def go(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="gone", view=None)

    @discord.ui.button(label="Form")
    async def form(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.button(label="Off", disabled=True)
    async def off(self, interaction: discord.Interaction, _: Any) -> None: ...

    @discord.ui.select(options=[discord.SelectOption(label="A", value="1"), discord.SelectOption(label="B", value="2")])
    async def pick(self, interaction: discord.Interaction, menu: Any) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"chose {menu.values[0]}")

    @discord.ui.select(cls=discord.ui.UserSelect, placeholder="Who")
    async def who(self, interaction: discord.Interaction, menu: Any) -> None:
        await interaction.response.send_message(f"who {menu.values[0].name}")


class TestBot(discord.Client):
    """`/need post` (deferred), `/say` (at once), `/all` (every kind of option), two menus."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__(intents=intents())
        self.tree = app_commands.CommandTree(self)
        self.got: list[Any] = []
        need = app_commands.Group(name="need", description="Needs")

        @need.command(name="post", description="Post a need")
        async def post(interaction: discord.Interaction, text: str) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send(f"posted {text}", view=Card())
            await interaction.followup.send("second", ephemeral=True)

        @post.autocomplete("text")
        async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}!", value=typed)]

        @self.tree.command(name="say", description="Say it")
        async def say(interaction: discord.Interaction, text: str) -> None:
            await interaction.response.send_message(text)

        @self.tree.command(name="all", description="Every kind of option")
        @app_commands.choices(colour=[app_commands.Choice(name="Red", value="r")])
        async def everything(
            interaction: discord.Interaction,
            whole: app_commands.Range[int, 1, 9],
            part: float,
            yes: bool,
            who: discord.Member,
            role: discord.Role,
            where: discord.TextChannel,
            file: discord.Attachment,
            colour: str | None = None,
        ) -> None:
            self.got = [whole, part, yes, who.id, role.id, where.id, await file.read(), colour]
            await interaction.response.send_message("ok")

        @self.tree.command(name="admin", description="For admins")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.guild_only()
        async def admin(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("yes")

        @self.tree.context_menu(name="Keep")
        async def keep(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"kept {message.content}")

        @self.tree.context_menu(name="Who")
        async def who_is(interaction: discord.Interaction, member: discord.Member) -> None:
            await interaction.response.send_message(f"who {member.name}")

        self.tree.add_command(need)
