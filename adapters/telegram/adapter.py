"""Telegram as the bot sees it: one instance per bot token."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from telegram.error import TelegramError

from adapters.common.bounded import Bounded
from adapters.common.clock import system_clock
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
    MenuEntry,
    NotPermitted,
    Reply,
    Sent,
    Sink,
    Transient,
    Unauthorized,
    Written,
)
from adapters.telegram import menu as menus
from adapters.telegram.api import Api
from adapters.telegram.compose import MESSAGE_LIMIT
from adapters.telegram.deliver import Deliverer
from adapters.telegram.intake import Intake
from adapters.telegram.pace import Pace
from adapters.telegram.polling import POLL_SECONDS, Polling
from adapters.telegram.powers import POWERS, Powers
from adapters.telegram.refusals import contract_error
from adapters.telegram.translate import Me
from adapters.telegram.trouble import Trouble

log = logging.getLogger(__name__)

_ALIVE_WITHIN = 3 * POLL_SECONDS * 1000  # milliseconds without progress until we say that something is wrong
_LONGEST_NOTICE = 200  # characters of an answer to a pressed button
_DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes
_TOO_BIG = "Telegram lets bots fetch files of at most 20 MB, and this one is larger"
_OFFICIAL = "https://api.telegram.org"
_MOST_NOTED = 50


class _Listener(Protocol):
    """What brings the updates in: `polling.Polling` or `webhook.Webhook`."""

    trouble: Trouble

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class TelegramAdapter:
    """Implements `adapters.contract.Adapter`.

    `base_url` and `file_base_url` are what the token is appended to, as in python-telegram-bot. With `webhook_url`
    Telegram posts to that address, which must lead to `webhook_bind` ("host:port", plain HTTP behind a proxy);
    without a `webhook_secret` one is drawn at each start. `clock` gives milliseconds since the epoch.
    `menus` holds the command menu in further languages (two-letter codes) beside the one given to `start`.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = f"{_OFFICIAL}/bot",
        file_base_url: str = f"{_OFFICIAL}/file/bot",
        webhook_url: str = "",
        webhook_secret: str = "",
        webhook_bind: str = "127.0.0.1:8443",
        menus: Mapping[str, Sequence[MenuEntry]] | None = None,
        clock: Callable[[], int] = system_clock,
        pace: Pace | None = None,
    ) -> None:
        self._api = Api(token, base_url, file_base_url)
        self._deliverer = Deliverer(self._api, pace or Pace())
        self._official = base_url.startswith(_OFFICIAL)
        self._webhook = (webhook_url, webhook_secret or secrets.token_urlsafe(32), webhook_bind)
        self._menus = dict(menus or {})
        self._clock = clock
        self._me: dict[str, Any] = {}
        self._powers = Powers(self._api, lambda: int(self._me.get("id", 0)), clock, self._note_right)
        self._intake: Intake | None = None
        self._listener: _Listener | None = None
        self._last_progress = 0
        self._lacking: Bounded[str, str] = Bounded(_MOST_NOTED)
        self._menu_trouble = ""

    @property
    def name(self) -> str:
        """ "telegram"."""
        return "telegram"

    @property
    def capabilities(self) -> Capabilities:
        """Lengths in UTF-16 units. A person has to open the direct chat first; nothing in a group is private."""
        return Capabilities(
            direct_first=False,
            max_length=MESSAGE_LIMIT,
            edit_interval=1.0,
            one_listener=not self._webhook[0],
            powers=POWERS,
        )

    @property
    def username(self) -> str:
        """The bot's @name without the @ (known after `start`), for links like t.me/NAME?start=CODE."""
        return str(self._me.get("username", ""))

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """See `Adapter.start`."""
        try:
            self._me = await self._api.open()
            self._progress()
            await self._publish({"": menu, **self._menus})
            self._intake = Intake(sink, Me(int(self._me["id"]), self.username))
            self._listener = listener = self._new_listener(self._intake)
            await listener.start()
        except BaseException as error:
            await self.stop()
            if isinstance(error, TelegramError):
                raise contract_error(error) from None
            raise

    def _new_listener(self, intake: Intake) -> _Listener:
        url, secret, bind = self._webhook
        if not url:
            return Polling(self._api, intake, self._progress)
        from adapters.telegram.webhook import Webhook  # tornado costs 60 ms, and few use a webhook

        return Webhook(self._api, intake, self._progress, url=url, secret=secret, bind=bind)

    async def _publish(self, menu: Mapping[str, Sequence[MenuEntry]]) -> None:
        """A menu that Telegram does not take is a pity, not a reason to stay away."""
        try:
            await menus.publish(self._api, menu)
        except TelegramError as error:
            trouble = contract_error(error)
            if isinstance(trouble, Unauthorized | Transient):
                raise
            self._menu_trouble = f"Telegram did not take the command menu: {trouble}"
            log.warning("%s", self._menu_trouble)

    async def stop(self) -> None:
        """See `Adapter.stop`."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener.stop()
        await self._api.close()

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """See `Adapter.send`. A repeated key goes on where the last call stopped, as long as this process lives."""
        try:
            return await self._deliverer.send(to, reply, key)
        except NotPermitted as error:
            self._note_lacking(to, error)
            raise

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """See `Adapter.edit`."""
        try:
            return await self._deliverer.edit(to, sent, reply)
        except NotPermitted as error:
            self._note_lacking(to, error)
            raise

    def _note_lacking(self, to: Address, error: NotPermitted) -> None:
        self._lacking.put(to.place_id, f"In the chat {to.place_id} the bot lacks a permission: {error}.")

    def _note_right(self, place_id: str, right: str) -> None:
        key = f"{place_id} rights"
        if right:
            self._lacking.put(key, f"In the chat {place_id} the bot lacks the right “{right}”.")
        else:
            self._lacking.pop(key)

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`."""
        return await self._powers.before(act)

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`. `Act.place_id` is the chat; Telegram takes no reason."""
        return await self._powers.act(act)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """None: Telegram lets a bot read nothing of what was written before."""
        return None

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """None, for the same reason."""
        return None

    async def typing(self, to: Address) -> None:
        """See `Adapter.typing`."""
        try:
            await self._deliverer.typing(to)
        except DeliveryError as error:
            log.debug("typing was not shown: %s", error)

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """See `Adapter.answer_press`."""
        if event.press is None:
            return
        answer = {"callback_query_id": event.press.press_id}
        if notice:
            answer["text"] = clean(notice)[:_LONGEST_NOTICE]
        try:
            await self._api.call("answerCallbackQuery", answer)
        except TelegramError as error:
            log.debug("a press was not answered: %s", contract_error(error))

    def reaches(self, account_id: str) -> bool:
        """Always: Telegram keeps a message until its reader comes."""
        return True

    def invite_link(self, code: str) -> str:
        """A deep link; "" before the bot knows its own name."""
        return f"https://t.me/{self.username}?start={code}" if self.username else ""

    def turn_done(self, event_id: str) -> None:
        """Nothing to do: nobody waits for their turn in a chat."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """See `Adapter.fetch`. The official server hands out 20 MB at most; a self-hosted one may give more."""
        if self._official and attachment.size > _DOWNLOAD_LIMIT:
            raise Gone(_TOO_BIG)
        try:
            return await self._api.download(attachment.reference)
        except TelegramError as error:
            trouble = contract_error(error)
            raise (Gone(_TOO_BIG) if "too big" in str(trouble) else trouble) from None

    def health(self) -> Health:
        """See `Adapter.health`."""
        trouble = self._trouble()
        recent = self._clock() - self._last_progress < _ALIVE_WITHIN
        alive = self._listener is not None and recent and trouble is not Trouble.TOKEN
        return Health(alive, self._last_progress, trouble)

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """None: Telegram tells a bot how many are in a group, and not who."""
        return None

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """None: who is an administrator of a group says nothing about a Nexus."""
        return []

    def join_link(self) -> str:
        """A link that asks which group to add the bot to, and as what; "" before the bot knows its own name."""
        link = f"https://t.me/{self.username}?startgroup=nexus&admin=delete_messages+restrict_members"
        return link if self.username else ""

    async def look(self) -> tuple[str, list[str]]:
        """Log in, look, and leave again without taking any update: the username, and `explain`'s sentences."""
        try:
            self._me = await self._api.open()
            hook = await self._api.call("getWebhookInfo", {})
        except TelegramError as error:
            raise contract_error(error) from None
        finally:
            await self._api.close()
        found = self.explain()
        if hook.get("url") and hook["url"] != self._webhook[0]:
            found.append("A webhook is set for this bot elsewhere; starting here takes it over.")
        return f"@{self.username}", found

    def explain(self) -> list[str]:
        """See `Adapter.explain`."""
        if not self._me:
            return ["The bot has not been able to log in to Telegram."]
        found = [str(trouble)] if (trouble := self._trouble()) else []
        if self._menu_trouble:
            found.append(self._menu_trouble)
        if not self._me.get("can_join_groups", True):
            found.append(
                "The bot may not be added to groups. To change that, send /setjoingroups to @BotFather, "
                "choose this bot and then Enable."
            )
        if not self._me.get("can_read_all_group_messages", True):
            found.append(
                "Privacy mode is on: in groups the bot only sees commands, mentions and answers to its own messages, "
                "so it cannot moderate what it does not see. To change that, send /setprivacy to @BotFather, "
                "choose this bot and then Disable, and add the bot to each group again; "
                "or make it an administrator of the group."
            )
        if self._intake:
            found += self._intake.lacking()
        return found + self._lacking.values()

    def _trouble(self) -> Trouble:
        return self._listener.trouble if self._listener is not None else Trouble.NONE

    def _progress(self) -> None:
        self._last_progress = self._clock()
