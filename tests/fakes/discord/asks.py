"""What people ask of a bot in a channel: slash commands, menus, buttons, choices, as Discord's client checks them."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from tests.fakes.discord import permissions
from tests.fakes.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction, component
from tests.fakes.discord.model import App, Message, User
from tests.fakes.discord.options import USER, chosen, command_data, leaf, nested, options, resolve, split
from tests.fakes.discord.place import Place
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel

_SELECTS = (3, 5, 6, 7, 8)


class Asks(Place):
    """Every method makes one interaction, tells the bot and returns it at once; await it for what comes back.

    Raises LookupError for what is not there, ValueError for input the client would not send, PermissionError for a
    command that the person is not offered.
    """

    def as_channel(self) -> "Channel":
        """This place as what it is."""
        return cast("Channel", self)

    @property
    def _guild_id(self) -> int | None:
        return None if self.guild is None else self.guild.id

    def slash(self, user: User, *path: str | Mapping[str, Any], app: App | None = None) -> Interaction:
        """`channel.slash(user, "need", "post", {"text": "…"})`: a command, its sub-commands, its options.

        Option values are plain values, or users, members, roles, channels; a file is a pair of name and bytes; a
        choice is named by its name or value.
        """
        names, given = split(path)
        command, offered = self._command(user, names[0], 1, app)
        way, wanted = leaf(offered, names)
        resolved: Json = {}
        values = options(self.as_channel(), wanted, given, resolved)
        data = command_data(command, nested(way, values), resolved)
        made = Interaction(app or self.world.app, COMMAND, user, self.as_channel(), data, name=" ".join(names))
        return made.send()

    def autocomplete(
        self, user: User, *path: str | Mapping[str, Any], focused: str, app: App | None = None, timeout: float = 5.0
    ) -> Awaitable[list[Json]]:
        """The choices a bot offers while `user` types in the option `focused`: objects with name and value."""
        names, given = split(path)
        command, offered = self._command(user, names[0], 1, app)
        way, wanted = leaf(offered, names)
        if not next((one for one in wanted if one["name"] == focused), {}).get("autocomplete"):
            raise LookupError(f"option {focused!r} of {' '.join(names)} has no autocomplete")
        values: list[Json] = []
        for option in wanted:
            if option["name"] == focused:
                typed = given.get(focused, "")
                values.append({"name": focused, "type": option["type"], "value": typed, "focused": True})
            elif option["name"] in given:
                values += options(self.as_channel(), [option], {option["name"]: given[option["name"]]}, {})
        data = command_data(command, nested(way, values), {})
        channel = self.as_channel()
        made = Interaction(app or self.world.app, AUTOCOMPLETE, user, channel, data, name=" ".join(names)).send()
        return made.completions(timeout)

    def context_message(self, user: User, name: str, message: Message, app: App | None = None) -> Interaction:
        """`user` picks the command `name` from the menu of a message."""
        command, _ = self._command(user, name, 3, app)
        data = command_data(command, [], {"messages": {str(message.id): message.json()}})
        data["target_id"] = str(message.id)
        return Interaction(app or self.world.app, COMMAND, user, self.as_channel(), data, name=name).send()

    def context_user(self, user: User, name: str, target: User, app: App | None = None) -> Interaction:
        """`user` picks the command `name` from the menu of a person."""
        command, _ = self._command(user, name, 2, app)
        resolved: Json = {}
        data = command_data(command, [], resolved)
        data["target_id"] = resolve(self.as_channel(), USER, target, resolved)
        data["resolved"] = resolved
        return Interaction(app or self.world.app, COMMAND, user, self.as_channel(), data, name=name).send()

    def press(self, user: User, message: Message, label: str) -> Interaction:
        """`user` presses a button, named by label or custom_id."""
        button = component(self._standing(user, message), label, (2,))
        if "custom_id" not in button:
            raise LookupError(f"button {label!r} opens an address and tells the bot nothing")
        return self._component(user, message, button, {})

    def choose(
        self, user: User, message: Message, values: Sequence[Any] | Any, *, menu: str | None = None
    ) -> Interaction:
        """`user` chooses in a menu (the only one, or by placeholder or custom_id): labels or values, or people…"""
        menus = [one for one in self._standing(user, message).parts if one["type"] in _SELECTS]
        if menu is None and len(menus) != 1:
            raise LookupError(f"{len(menus)} menus there: say which")
        found = menus[0] if menu is None else component(message, menu, _SELECTS)
        given = list(values) if isinstance(values, (list, tuple)) else [values]
        resolved: Json = {}
        data: Json = {"values": chosen(self.as_channel(), found, given, resolved)}
        if found["type"] != 3:
            data["resolved"] = resolved
        return self._component(user, message, found, data)

    def forged(self, user: User, message: Message, custom_id: str, kind: int = 2) -> Interaction:
        """A press with any custom_id: an old client, or a message that has changed since."""
        return self._component(
            user, message, {"type": kind, "custom_id": custom_id}, {} if kind == 2 else {"values": []}
        )

    # -- inside --------------------------------------------------------------------------------------------

    def _standing(self, user: User, message: Message) -> Message:
        if message not in self.visible_to(user):
            raise LookupError(f"{user.username} does not see message {message.id}")
        return message

    def _component(self, user: User, message: Message, part: Json, extra: Json) -> Interaction:
        if part.get("disabled"):
            raise LookupError(f"{part['custom_id']!r} is disabled")
        app = self.world.app_of(message.author)
        if app is None:
            raise LookupError("the message is not of a bot under test")
        data = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part.get("id", 1), **extra}
        channel = self.as_channel()
        return Interaction(app, COMPONENT, user, channel, data, message=message, name=part["custom_id"]).send()

    def _command(self, user: User, name: str, kind: int, app: App | None) -> tuple[Json, list[Json]]:
        owner = app or self.world.app
        offered = [*owner.commands.get(self._guild_id, ()), *owner.commands.get(None, ())]
        found = next((one for one in offered if one["name"] == name and one["type"] == kind), None)
        if found is None:
            raise LookupError(f"no command {name!r} among {[one['name'] for one in offered if one['type'] == kind]}")
        here = 0 if self.guild is not None else 1
        contexts = found.get("contexts")
        if (contexts is not None and here not in contexts) or (here == 1 and found.get("dm_permission") is False):
            raise PermissionError(f"{name!r} is not offered here")
        needed = found.get("default_member_permissions")
        if needed is not None and self.guild is not None:
            held = self.guild.rights(user)
            if held & int(needed) != int(needed) or (int(needed) == 0 and held != permissions.ALL):
                raise PermissionError(f"{name!r} is not offered to {user.username}")
        if self.guild is not None and not self.may(user, "use_application_commands"):
            raise PermissionError(f"{user.username} may not use commands in {self.name}")
        return found, found.get("options") or []
