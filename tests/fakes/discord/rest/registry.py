"""Which function answers which route, and what it is handed."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.errors import refusal, unauthorized
from tests.fakes.discord.model import App, Message, User
from tests.fakes.discord.permissions import bits
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel
    from tests.fakes.discord.guild import Guild
    from tests.fakes.discord.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart call: the n of its `files[n]`, its name, type and content."""

    number: int
    name: str
    mime: str
    content: bytes

    def json(self) -> Json:
        """What is recorded of it."""
        return {"number": self.number, "filename": self.name, "content_type": self.mime, "size": len(self.content)}


@dataclass(slots=True)
class Call:
    """One call: who, for what, with what. `path` holds the parts of the address, as text."""

    world: "World"
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[Upload]
    reason: str | None
    caller: App | None = None
    extra: Json = field(default_factory=dict)

    @property
    def app(self) -> App:
        """The bot that calls. Raises ApiError 401."""
        if self.caller is None:
            raise unauthorized()
        return self.caller

    @property
    def bot(self) -> User:
        """Its account."""
        return self.app.user

    @property
    def data(self) -> Json:
        """The body as an object. Raises ApiError 50109."""
        if not isinstance(self.body, dict):
            raise refusal(50109)
        return self.body

    def id(self, name: str) -> int:
        """A snowflake of the address; 0 when it is none, which nothing has."""
        text = self.path[name]
        return int(text) if text.isdigit() else 0

    def channel(self, *needed: str) -> "Channel":
        """The channel of the address. Raises 10003, 50001 when it is hidden, 50013 when one of `needed` is missing."""
        found = self.world.channels.get(self.id("channel_id"))
        if found is None:
            raise refusal(10003)
        self.access(found, *needed)
        return found

    def access(self, channel: "Channel", *needed: str) -> None:
        """Refuse what the bot may not do in a channel."""
        if channel.guild is None:
            if channel.app is not self.app:
                raise refusal(50001)
        elif not channel.seen_by(self.bot):
            raise refusal(50001)
        if needed and channel.guild is not None and not channel.may(self.bot, *needed):
            raise refusal(50013)

    def message(self, channel: "Channel") -> Message:
        """The message of the address; an ephemeral one is unknown here. Raises 10008."""
        found = channel.message(self.id("message_id"))
        if found is None or found.ephemeral:
            raise refusal(10008)
        return found

    def guild(self, *needed: str) -> "Guild":
        """The server of the address. Raises 10004 (not there, or not in it: 50001) and 50013."""
        found = self.world.guilds.get(self.id("guild_id"))
        if found is None:
            raise refusal(10004)
        if self.app not in found.apps:
            raise refusal(50001)
        if needed and found.rights(self.bot) & bits(needed) != bits(needed):
            raise refusal(50013)
        return found


Handler = Callable[[Call], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """A template with its function; `public` ones need no bot token. `status` is that of an answer with a body."""

    method: str
    template: str
    handler: Handler
    public: bool
    status: int
    pattern: "re.Pattern[str]"


_ROUTES: dict[tuple[str, int], list[Route]] = {}


def route(method: str, template: str, *, public: bool = False, status: int = 200) -> Callable[[Handler], Handler]:
    """Register a function. It returns JSON, or None for 204."""

    def register(handler: Handler) -> Handler:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
        made = Route(method, template, handler, public, status, pattern)
        known = _ROUTES.setdefault((method, template.count("/")), [])
        known.append(made)
        known.sort(key=lambda one: one.template.count("{"))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path below the API's base, with the parts of the address."""
    for one in _ROUTES.get((method, path.count("/")), ()):
        match = one.pattern.fullmatch(path)
        if match is not None:
            return one, match.groupdict()
    return None
