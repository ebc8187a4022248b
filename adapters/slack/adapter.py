"""Slack as the bot sees it: one instance per app, for one workspace or several."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from adapters.common.bounded import Bounded
from adapters.common.clock import system_clock
from adapters.common.powerless import Powerless
from adapters.common.text import clean
from adapters.contract import (
    Act,
    Address,
    Attachment,
    Capabilities,
    DeliveryError,
    Did,
    Event,
    Gone,
    Health,
    Installations,
    MenuEntry,
    NotPermitted,
    Reply,
    Sent,
    Sink,
    Unauthorized,
    Written,
)
from adapters.slack.api import Api
from adapters.slack.compose import MESSAGE_LIMIT
from adapters.slack.deliver import Deliverer
from adapters.slack.listening import Configuration, Listening
from adapters.slack.manifest import INSTALL_PATH
from adapters.slack.markup import escape
from adapters.slack.people import People
from adapters.slack.powers import POWERS, Powers
from adapters.slack.readers import Readers
from adapters.slack.recent import Recent
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.respond import unpack
from adapters.slack.scopes import lacking
from adapters.slack.trouble import Trouble
from adapters.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

_ALIVE_WITHIN = 120_000  # milliseconds without progress until we say that something is wrong
_MOST_NOTED = 50
_LONGEST_NOTICE = 3_000


class SlackAdapter(Powerless):
    """Implements `adapters.contract.Adapter`.

    With an `app_token` events come by Socket Mode, otherwise by signed HTTP requests to `bind` ("host:port", behind a
    proxy that speaks HTTPS) at /slack/events. `bot_token` is one workspace's; with `client_id`, `client_secret`,
    `public_url` and `installations` others install the app at `public_url`/slack/install, which must lead to `bind`.
    `api_base_url` ends in /api/. `clock` gives milliseconds since the epoch; `ping_interval` is in seconds.
    """

    def __init__(
        self,
        *,
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        api_base_url: str = "https://slack.com/api/",
        bind: str = "",
        client_id: str = "",
        client_secret: str = "",
        public_url: str = "",
        installations: Installations | None = None,
        clock: Callable[[], int] = system_clock,
        ping_interval: float = 5.0,
    ) -> None:
        self._api = Api(api_base_url)
        self._workspaces = Workspaces(self._api, bot_token, installations)
        self._people = People(self._workspaces, clock)
        self._readers = Readers(self._workspaces, self._people)
        self._powers = Powers(self._workspaces)
        self._deliverer = Deliverer(self._api, self._workspaces, self._people, clock)
        oauth = (client_id, client_secret, public_url) if client_id and client_secret and public_url else None
        self._configuration = Configuration(app_token, signing_secret, bind, oauth, ping_interval)
        self._bot_token = bot_token
        self._clock = clock
        self._listening: Listening | None = None
        self._last_progress = 0
        self._looked = False
        self._lacking: Bounded[str, str] = Bounded(_MOST_NOTED)

    @property
    def name(self) -> str:
        """ "slack"."""
        return "slack"

    @property
    def capabilities(self) -> Capabilities:
        """Lengths in characters of mrkdwn.

        Slack drops no repeats; a message that may have been sent is looked for by its metadata before it is sent again.
        Typing shows in threads only. A message seen by one person cannot be edited, except by its own button. Of the
        powers, it deletes its own messages only, and removes people from channels; asked for another, `act` says so.
        """
        return Capabilities(
            private_in_group=True,
            sees_deletions=True,
            forms=True,
            roles=True,
            readers=True,
            home=True,
            history=True,
            max_length=MESSAGE_LIMIT,
            edit_interval=1.2,  # chat.update: about fifty a minute
            powers=POWERS,
        )

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """See `Adapter.start`. The menu is published by the app's manifest; here it makes forms and completions."""
        self._check_configuration()
        self._api.open()
        try:
            await self._load()
            self._listening = Listening(
                self._configuration,
                self._api,
                self._workspaces,
                self._people,
                self._clock,
                self._progress,
                sink,
                menu,
            )
            await self._listening.start()
        except BaseException:
            await self.stop()
            raise

    def _check_configuration(self) -> None:
        how = self._configuration
        if not self._bot_token and how.oauth is None:
            raise Unauthorized("no bot token given")
        if not how.app_token and not how.signing_secret:  # unsigned requests are never taken
            raise Unauthorized("neither an app-level token nor a signing secret given")
        if not how.bind and (how.oauth is not None or not how.app_token):
            raise DeliveryError("no address given to listen on for HTTP")

    async def _load(self) -> None:
        try:
            await self._workspaces.load()
        except (Refused, Lost) as error:
            raise contract_error(error) from None
        self._looked = True
        self._progress()

    async def stop(self) -> None:
        """See `Adapter.stop`."""
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.stop()
        await self._people.stop()
        await self._api.close()

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """See `Adapter.send`. A repeated key goes on where the last call stopped."""
        try:
            sent = await self._deliverer.send(to, reply, key)
        except NotPermitted as error:
            self._note_lacking(to, error)
            raise
        if not to.private and not to.respond:
            self._lacking.pop(to.place_id)
        return sent

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """See `Adapter.edit`."""
        try:
            return await self._deliverer.edit(to, sent, reply)
        except NotPermitted as error:
            self._note_lacking(to, error)
            raise

    def _note_lacking(self, to: Address, error: NotPermitted) -> None:
        self._lacking.put(to.place_id, f"In the channel {to.place_id} the app lacks a permission: {error}.")

    async def typing(self, to: Address) -> None:
        """See `Adapter.typing`. Slack shows it in threads only."""
        at = self._workspaces.cached(to.workspace)
        thread = to.thread or ("" if to.place_id.startswith("D") else to.reply_to)
        if self._listening is not None and at is not None and thread:
            await self._listening.assistant.think(at, to.place_id, thread)

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """See `Adapter.answer_press`. Slack's buttons do not wait; a note is shown to the presser alone."""
        handle = unpack(event.respond)
        if not notice or handle is None or not handle.lasts(self._clock()):
            return
        text = escape(clean(notice))[:_LONGEST_NOTICE]
        body = {"response_type": "ephemeral", "replace_original": False, "text": text}
        if event.place.thread:
            body["thread_ts"] = event.place.thread
        try:
            await self._api.respond(handle.url, body)
        except (Refused, Lost) as error:
            log.debug("a press was not answered: %s", error)

    def reaches(self, account_id: str) -> bool:
        """Always: Slack keeps a message until its reader comes."""
        return True

    def invite_link(self, code: str) -> str:
        """Slack has no link that says something to an app: ""."""
        return ""

    def turn_done(self, event_id: str) -> None:
        """Nothing to do: nobody waits for their turn in a chat."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """See `Adapter.fetch`. The token of a workspace goes to Slack's own servers only."""
        team, _, url = attachment.reference.partition(" ")
        at = await self._workspaces.need(team)
        if not self._api.own(url):
            raise Gone("the file is not on Slack's servers")
        try:
            return await self._api.download(url, at.token, attachment.media_type)
        except (Refused, Lost) as error:
            raise contract_error(error) from None

    def health(self) -> Health:
        """See `Adapter.health`."""
        trouble = self._trouble()
        recent = self._clock() - self._last_progress < _ALIVE_WITHIN
        return Health(
            self._listening is not None and recent and trouble in (Trouble.NONE, Trouble.STORE),
            self._last_progress,
            trouble,
        )

    async def look(self) -> tuple[str, list[str]]:
        """See `Adapter.look`. The bot's name; with an app-level token, whether Slack takes that too."""
        self._api.open()
        try:
            await self._load()
            if self._configuration.app_token:
                await self._api.call(
                    self._api.client(), "apps.connections.open", app_token=self._configuration.app_token
                )
        except (Refused, Lost) as error:
            raise contract_error(error) from None
        finally:
            await self._api.close()
        known = self._workspaces.all()
        return (known[0].name or known[0].me.title) if known else "", self.explain()

    def join_link(self) -> str:
        """Where a workspace installs the app by OAuth; "" for an app of one workspace."""
        oauth = self._configuration.oauth
        return oauth[2].rstrip("/") + INSTALL_PATH if oauth and self._looked else ""

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """See `Adapter.roles`: the user groups."""
        at = await self._workspaces.need(workspace)
        try:
            return await self._people.groups(at, fresh=True)  # one made a minute ago counts as well
        except (Refused, Lost) as error:
            trouble = contract_error(error)
            if isinstance(trouble, NotPermitted):
                return []
            raise trouble from None

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """See `Adapter.readers`."""
        return await self._readers.of(workspace, place_id, most)

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`: the channels that somebody will be removed from."""
        return await self._powers.before(act)

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`."""
        return await self._powers.act(act)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See `Adapter.written`."""
        return await self._powers.written(workspace, place_id, most, account_id, thread)

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """See `Adapter.recent`."""
        at = await self._workspaces.need(workspace)
        return await Recent(self._workspaces, self._people, at).of(place_id, since, most)

    def explain(self) -> list[str]:
        """See `Adapter.explain`."""
        if not self._looked:
            return ["The bot has not been able to log in to Slack."]
        found = [str(trouble)] if (trouble := self._trouble()) else []
        if not self._workspaces.all():
            found.append("The app is not installed in any workspace yet.")
        for at in self._workspaces.all():
            for scope, reason in lacking(at.scopes) if at.scopes else ():
                where = at.me.title or at.me.team
                found.append(f"In {where} the app lacks the scope {scope}: {reason}. Install it again to grant that.")
        return found + self._lacking.values()

    def _trouble(self) -> Trouble:
        return self._listening.trouble if self._listening is not None else Trouble.NONE

    def _progress(self) -> None:
        self._last_progress = self._clock()
