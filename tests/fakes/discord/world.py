"""The world behind the server: people, applications, servers, channels; the order of things, and waiting for them."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from tests.fakes.discord.cdn import Cdn
from tests.fakes.discord.channel import DM, Channel
from tests.fakes.discord.clock import Clock, Snowflakes
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.model import App, Member, Privileged, User, make_token
from tests.fakes.discord.place import Place

T = TypeVar("T")


class World:
    """Everybody and everything; `app` is the first application, which is there from the beginning."""

    app: App

    @property
    def origin(self) -> str:
        """Where the server listens."""
        raise NotImplementedError

    @property
    def gateway_url(self) -> str:
        """The gateway's address."""
        return f"{self.origin.replace('http', 'ws', 1)}/gateway"

    @property
    def resume_gateway_url(self) -> str:
        """What READY tells clients to resume at."""
        return f"{self.gateway_url}/resume"

    def __init__(self) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.cdn = Cdn(self)
        self.gateway = Gateway(self)
        self.apps: list[App] = []
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.dms: dict[tuple[int, int], Channel] = {}
        self.sequence = 0
        # The sequence of the newest thing that a person did.
        self.last_doing = 0
        self._numbers = itertools.count(1)
        # Who waits for something in one place, and (None) for anything.
        self._waiters: dict[Place | None, list[Callable[[], bool]]] = {}
        self._developer = self.user("Developer")

    # -- building ------------------------------------------------------------------------------------------

    def user(self, name: str, *, bot: bool = False, locale: str = "en-US", accepts_dms: bool = True) -> User:
        """A new person; `bot` makes someone else's bot."""
        taken = {user.username for user in self.users.values()}
        plain = "".join(char for char in name.lower() if char.isalnum()) or "someone"
        username = plain if plain not in taken else f"{plain}{next(self._numbers)}"
        user = User(self, self.ids.old(), username, None if bot else name, bot, locale, accepts_dms)
        self.users[user.id] = user
        return user

    def add_app(
        self,
        name: str,
        *,
        token: str | None = None,
        privileged: Iterable[Privileged] = ("members", "message_content"),
        shards: int = 1,
    ) -> App:
        """Another application with its bot. `privileged` are the intents switched on for it in the portal."""
        account = self.user(name, bot=True)
        account.username = name
        made = make_token(account.id, len(self.apps))
        app = App(account, self._developer, name, token or made, set(privileged), gateway_shards=shards)
        self.apps.append(app)
        return app

    def guild(
        self,
        name: str,
        *,
        members: Iterable[User] = (),
        roles: Iterable[str] = (),
        channels: Iterable[str] = ("general",),
        owner: User | None = None,
        apps: Sequence[App] | None = None,
        bot_permissions: Iterable[str] | None = None,
    ) -> Guild:
        """A server with these people, roles and text channels; its owner is made when not named.

        `apps`: whose bots are there (None: all; [] lets a test `add_app` later). `bot_permissions` are the names of
        what the bots' roles allow. Connected bots hear of it (GUILD_CREATE).
        """
        made = Guild(self, name, owner or self.user(f"{name} owner"))
        now = self.clock.now()
        for user in (made.owner, *members):
            made.members[user.id] = Member(user, now - 86_400)
        for role in roles:
            made.role(role)
        for channel in channels:
            made.channel(channel)
        self.guilds[made.id] = made
        granted = None if bot_permissions is None else list(bot_permissions)
        for app in self.apps if apps is None else apps:
            made.add_app(app, permissions_=granted)
        return made

    def dm(self, user: User, app: App | None = None) -> Channel:
        """The direct messages of a person and a bot."""
        app = app or self.app
        found = self.dms.get((app.id, user.id))
        if found is None:
            found = self.dms[app.id, user.id] = Channel(self, self.ids.old(), DM, person=user, app=app)
            self.channels[found.id] = found
        return found

    def app_of(self, user: User) -> App | None:
        """The application whose bot's account this is."""
        return next((app for app in self.apps if app.user is user), None)

    def unreachable(self, app: App, user: User) -> int:
        """The code of the refusal when a bot may not write to a person, else 0.

        50007: they take no direct messages, or are a bot; 50278: no server in common, and they never wrote.
        """
        if not user.accepts_dms or user.bot:
            return 50007
        met = any(app in guild.apps and user.id in guild.members for guild in self.guilds.values())
        return 0 if met or self.dm(user, app).opened else 50278

    def forget_world(self) -> None:
        """No more people, servers, channels and interactions; applications with their commands stay."""
        kept = {app.id: app.user for app in self.apps}
        self.users = kept | {self._developer.id: self._developer}
        for store in (self.guilds, self.channels, self.interactions, self.tokens, self.dms):
            store.clear()

    # -- order and waiting ---------------------------------------------------------------------------------

    def tick(self) -> int:
        """The next number in the order of everything that happens."""
        self.sequence += 1
        return self.sequence

    def happened(self, where: Place | None = None) -> None:
        """Wake those who wait for anything, and those who wait for something in this place."""
        for key in {None, where}:
            waiting = self._waiters.pop(key, None)
            left = [waiter for waiter in waiting or () if not waiter()]
            if left:
                self._waiters[key] = left + self._waiters.get(key, [])

    def until(
        self, find: Callable[[], T | None], timeout: float = 5.0, what: str = "it", where: Place | None = None
    ) -> Awaitable[T]:
        """What `find` returns once it is neither None nor False, tried now and after everything the fake sees.

        With `where`, only after what happens in that channel. `timeout` in seconds; raises AssertionError, with the end
        of that channel, when it passes. What changes only inside the bot wakes nobody: ask for what it does here.
        """
        return self._until(find, timeout, what, where)

    async def _until(self, find: Callable[[], T | None], seconds: float, what: str, where: Place | None) -> T:
        found = find()
        if found is not None and found is not False:
            return found
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def look() -> bool:
            if not future.done():
                try:
                    result = find()
                except Exception as error:
                    future.set_exception(error)
                    return True
                if result is not None and result is not False:
                    future.set_result(result)
            return future.done()

        self._waiters.setdefault(where, []).append(look)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            ends = [] if where is None else [one.view() for one in list(where.all.values())[-10:]]
            state = "\n".join(f"  {one}" for one in ends)
            head = f"{what} did not happen within {seconds} s"
            raise AssertionError(f"{head}; the channel ends with\n{state}" if state else head) from None
        finally:
            future.cancel()
