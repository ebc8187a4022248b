"""The world of the fake: the app, its workspaces, how it listens, faults and records; what tests drive."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable

from tests.fakes.faults import Fault, MethodFaults
from tests.fakes.slack.changes import Changes
from tests.fakes.slack.clock import Clock
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.dispatch import Dispatch
from tests.fakes.slack.hooks import Hook
from tests.fakes.slack.ids import Ids
from tests.fakes.slack.model import Request
from tests.fakes.slack.oauth import Installs
from tests.fakes.slack.responses import ResponseUrl
from tests.fakes.slack.sockets import Connection
from tests.fakes.slack.team import Team
from tests.fakes.slack.views import Trigger
from tests.fakes.wire import Json, Served

APP_TOKEN = "xapp-1-A0FAKEAPP00-1000000000001-0123456789abcdef"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT_ID = "100000000001.100000000002"
CLIENT_SECRET = "fedcba9876543210fedcba9876543210"
# All that a bot of this kind could ask for; `team.scopes` can be narrowed.
SCOPES = tuple(
    "app_mentions:read assistant:write channels:history channels:join channels:manage channels:read chat:write "
    "commands files:read files:write groups:history groups:read groups:write im:history im:read im:write mpim:history "
    "mpim:read mpim:write reactions:read reactions:write team:read usergroups:read users:read users:read.email".split()
)
RECORDED = 200_000
_REMEMBERED = 20_000


class World(Served):
    """One app and any number of workspaces.

    All people's doings are plain calls from the server's own event loop. `subscribed` None means every event;
    otherwise names as in the app's settings: "message.channels", "app_mention", …
    """

    def __init__(
        self,
        *,
        port: int = 0,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
        bot_name: str = "Nexus",
        scopes: Iterable[str] = SCOPES,
        subscribed: Iterable[str] | None = None,
        running_clock: bool = False,
        ack_timeout: float | None = None,
    ) -> None:
        super().__init__(port)
        self.app_id = "A0FAKEAPP00"
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.verification_token = "verification-token-of-the-fake"
        self.client_id = client_id
        self.client_secret = client_secret
        self.bot_name = bot_name
        self.scopes = tuple(scopes)
        self.subscribed = None if subscribed is None else set(subscribed)
        # What is switched on in the app's settings.
        self.home_tab = True
        self.messages_tab = True
        self.clock = Clock(running=running_clock)
        self.ids = Ids()
        self.dispatch = Dispatch(ack_timeout)
        self.faults = MethodFaults()
        self.installs = Installs()
        self.teams: dict[str, Team] = {}
        self.tokens: dict[str, Team] = {}
        self.triggers: dict[str, Trigger] = {}
        self.requests: deque[Request] = deque(maxlen=RECORDED)
        self.counts: Counter[str] = Counter()
        self.tickets: set[str] = set()
        self.responses: dict[str, ResponseUrl] = {}
        self._ticks = 0
        self._changes = Changes()

    @property
    def api_base_url(self) -> str:
        """What AsyncWebClient takes as `base_url`: `http://127.0.0.1:PORT/api/`."""
        return f"{self.origin}/api/"

    @property
    def authorize_url(self) -> str:
        """The install page."""
        return f"{self.origin}/oauth/v2/authorize"

    # -- the world -----------------------------------------------------------------------------------------

    def team(self, name: str, *, installed: bool = True, token: str = "") -> Team:
        """A new workspace, with the app installed by hand unless `installed` is False (then by OAuth).

        `token` is the bot token it gets; "" makes one.
        """
        team = Team(self, self.ids.new("T"), name, self.scopes)
        self.teams[team.id] = team
        if installed:
            team.installed(token)
        return team

    def advance(self, seconds: float) -> None:
        """Let the fake's time pass."""
        self.clock.advance(seconds)

    def wants(self, event: Json) -> bool:
        """Whether the app is subscribed to this event."""
        if self.subscribed is None:
            return True
        kind = event["type"]
        if kind == "message":
            place = {"channel": "channels", "group": "groups"}.get(event["channel_type"], event["channel_type"])
            kind = f"message.{place}"
        return kind in self.subscribed

    def tick(self) -> int:
        """The next moment in the order of doings; wakes who waits."""
        self._ticks += 1
        self._changes.notify()
        return self._ticks

    async def wait_for(
        self,
        seen: Callable[[], bool],
        timeout: float = 10.0,  # noqa: ASYNC109
        problem: Callable[[], str] = lambda: "it did not happen",
    ) -> None:
        """Until `seen()` held; it is asked after every change. Raises AssertionError after `timeout` seconds."""
        await self._changes.wait_for(seen, timeout, problem)

    def response_url(self, target: ResponseUrl) -> str:
        """A fresh response URL."""
        target.made = self.clock.elapsed()
        key = f"{target.channel.team.id}/{self.ids.number()}/{self.ids.secret()}"
        if len(self.responses) > _REMEMBERED:
            del self.responses[next(iter(self.responses))]
        self.responses[key] = target
        return f"{self.origin}/actions/{key}"

    # -- how the app listens -------------------------------------------------------------------------------

    def use_http(self, url: str) -> Hook:
        """Send to this URL from now on instead of Socket Mode; the hook, for `verify` and forged posts."""
        self.dispatch.hook = Hook(self.dispatch, self.signing_secret, url)
        return self.dispatch.hook

    @property
    def connections(self) -> list[Connection]:
        """The open Socket Mode connections."""
        return list(self.dispatch.connections)

    async def wait_connected(self, count: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Until so many connections are open and not asked to go. Raises AssertionError."""
        await self.wait_for(
            lambda: len([one for one in self.connections if one.ready]) >= count, timeout, lambda: "not connected"
        )

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask all connections to reconnect: "warning", "refresh_requested" or "link_disabled"."""
        for connection in self.connections:
            connection.disconnect(reason)

    def abort_connections(self) -> None:
        """Reset the TCP connection of every websocket."""
        for connection in self.connections:
            connection.abort()

    def redeliver(self, delivery: Delivery, reason: str = "timeout") -> None:
        """Send an event once more, acknowledged or not, with the next retry number."""
        self.dispatch.redeliver(delivery, reason)

    async def wait_until_acknowledged(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Until nothing sent to the app is open any more. Raises AssertionError after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self.dispatch.emptied.wait()
        except TimeoutError:
            kinds = [one.event_type for one in self.dispatch.open]
            raise AssertionError(f"not acknowledged within {timeout} s: {kinds}") from None

    # -- faults and records --------------------------------------------------------------------------------

    def fail(self, method: str, fault: Fault, *, times: int = 1, skip: int = 0, where: Json | None = None) -> Fault:
        """Plan a fault (see `faults`); the same fault back, for `hold`'s `reached` and `release`."""
        self.faults.add(method, fault, times, skip, where)
        return fault

    def calls(self, method: str) -> list[Request]:
        """The recorded requests of one method, oldest first."""
        return [request for request in self.requests if request.method == method]

    async def wait_for_calls(
        self,
        method: str,
        count: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[Request]:
        """The recorded requests of a method once so many were answered. Raises AssertionError."""
        await self.wait_for(
            lambda: len([one for one in self.calls(method) if one.status]) >= count,
            timeout,
            lambda: f"{method} was called {self.counts[method]} times, not {count},",
        )
        return self.calls(method)
