"""The listening half: Bolt with everything behind it, and the socket or the server in front of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.contract import DeliveryError, MenuEntry, Sink
from adapters.slack.api import Api
from adapters.slack.assistant import Assistant
from adapters.slack.backfill import Backfill
from adapters.slack.beside import Beside
from adapters.slack.bolt import make_app
from adapters.slack.home import Home
from adapters.slack.install import make_flow
from adapters.slack.intake import Intake
from adapters.slack.interactions import Interactions
from adapters.slack.people import People
from adapters.slack.receive import Receiver
from adapters.slack.socket import Client, Handler
from adapters.slack.trouble import Trouble
from adapters.slack.web import Watch, Web
from adapters.slack.workspaces import Workspace, Workspaces


@dataclass(frozen=True, slots=True)
class Configuration:
    """How events come. With `app_token` by Socket Mode; `oauth` is client id, client secret and public URL."""

    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    bind: str = ""
    oauth: tuple[str, str, str] | None = field(default=None, repr=False)
    ping_interval: float = 5.0


class Listening:
    """Everything that runs between `start` and `stop`."""

    def __init__(
        self,
        configuration: Configuration,
        api: Api,
        workspaces: Workspaces,
        people: People,
        clock: Callable[[], int],
        progress: Callable[[], None],
        sink: Sink,
        menu: Sequence[MenuEntry],
    ) -> None:
        self._configuration = configuration
        self._api = api
        self._workspaces = workspaces
        self._people = people
        self._clock = clock
        self._progress = progress
        self._beside = Beside()
        self._socket: Client | None = None
        self._web: Web | None = None
        self._watch: Watch | None = None
        intake = Intake(sink, people)
        interactions = Interactions(workspaces, people, intake, menu, clock)
        home = Home(workspaces, people, sink, menu)
        self.assistant = Assistant(workspaces, menu)
        self._backfill = Backfill(workspaces, intake, sink)
        self._receiver = Receiver(workspaces, people, intake, interactions, home, self.assistant, progress)

    async def start(self) -> None:
        """Listen, and look for what was missed. Raises a `DeliveryError`."""
        how = self._configuration
        flow = None
        if how.oauth is not None:
            client_id, client_secret, public_url = how.oauth
            flow = make_flow(
                self._api,
                self._workspaces,
                self._installed,
                client_id=client_id,
                client_secret=client_secret,
                public_url=public_url,
                clock=self._clock,
            )
        app = make_app(self._api, self._workspaces, self._receiver, how.signing_secret, flow)
        if flow is not None or not how.app_token:
            self._web = Web(app, flow, how.bind, events=not how.app_token)
            try:
                await self._web.start()
            except OSError as error:
                raise DeliveryError(f"cannot listen on {how.bind} ({error.strerror})") from None
        if how.app_token:
            self._socket = Client(self._api, how.app_token, self._progress, self._catch_up, how.ping_interval)
            await Handler(app, self._socket).client.first()
        else:
            self._watch = Watch(self._api, self._workspaces, self._progress)
            self._beside.start(self._watch.run())
        for at in self._workspaces.all():
            self._beside.start(self._people.refresh_groups(at))
        self._catch_up()

    async def _installed(self, at: Workspace) -> None:
        self._beside.start(self._people.refresh_groups(at))

    def _catch_up(self) -> None:
        self._beside.start(self._backfill.run())

    async def stop(self) -> None:
        """Take nothing new, finish what is being stored, and close what listens."""
        await self._beside.stop()
        await self._receiver.stop()
        if self._web is not None:
            await self._web.stop()
        if self._socket is not None:
            await self._socket.close()

    @property
    def trouble(self) -> Trouble:
        """What keeps the bot from hearing people."""
        if self._receiver.store_failed:
            return Trouble.STORE
        if self._socket is not None:
            return self._socket.trouble
        return self._watch.trouble if self._watch is not None else Trouble.NONE
