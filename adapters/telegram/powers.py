"""What moderators do in a Telegram group: each act asks Telegram for the ranks first, and may be repeated.

Telegram has a log of administrators' doings, but takes no reason for it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram.error import TelegramError

from adapters.common.bounded import Bounded
from adapters.contract import Act, Did, Power, TooManyRequests, Transient, Unauthorized
from adapters.telegram import standing
from adapters.telegram.api import Api
from adapters.telegram.refusals import Refused, contract_error
from adapters.telegram.rights import (
    BAN,
    DELETE,
    PERMISSIONS,
    RIGHTS,
    TOPICS,
    WRITING,
    Json,
    Limits,
    keep_limits,
    keep_writing,
    kept_limits,
    kept_writing,
    limits,
    muted,
    present,
)
from adapters.telegram.said import (
    BANNED_ALREADY,
    BANNED_ANYWAY,
    BEFORE_UNKNOWN,
    CHANNEL,
    LIMITED_AGAIN,
    NO_BAN_KEPT,
    NO_GROUP,
    NO_PERSON,
    NOBODY_THERE,
    NOT_HERE,
    OVER,
    STILL_LIMITED,
    TOO_OLD,
    UNKNOWN,
    keeps_bans,
    refused,
)
from adapters.telegram.sweep import Sweep
from adapters.telegram.term import Term, is_passing, passing, term

_T = TypeVar("_T")

POWERS = frozenset(
    {
        Power.DELETE,
        Power.TIMEOUT,
        Power.RELEASE,
        Power.KICK,
        Power.BAN,
        Power.UNBAN,
        Power.LOCK,
        Power.UNLOCK,
    }
)
_ON_PEOPLE = frozenset({Power.TIMEOUT, Power.RELEASE, Power.KICK, Power.BAN, Power.UNBAN})

_NOT_CHANGED = ("chat_not_modified", "topic_not_modified")
_MOST_RESTING = 500


class Powers:
    """For one bot. `me` gives its id; `lacks` is told a chat and which right is missing there, "" if none is."""

    def __init__(
        self,
        api: Api,
        me: Callable[[], int],
        clock: Callable[[], int],
        lacks: Callable[[str, str], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._me = me
        self._clock = clock
        self._lacks = lacks
        self._now = now
        self._resting: Bounded[int, float] = Bounded(_MOST_RESTING)  # by chat: until when it is to be left alone

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`. What `act` will refuse needs nothing to be known."""
        chat = standing.group(act)
        if chat is None:
            return {}
        try:
            return await self._there(act, chat, self._look)
        except TelegramError as error:
            _raise_if_repeatable(error)
        return {}

    async def _look(self, act: Act, chat: int) -> dict[str, str]:
        if act.power is Power.LOCK and not act.thread:
            return keep_writing((await self._call("getChat", {"chat_id": chat})).get("permissions") or {})
        if act.power in (Power.TIMEOUT, Power.KICK, Power.BAN) and not standing.no_target(act, self._me()):
            member = await self._member(chat, int(act.account_id))
            return keep_limits(limits(member)) if member else {}
        return {}

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`."""
        if act.power in NOT_HERE:
            return Did(False, NOT_HERE[act.power])
        chat = standing.group(act)
        if chat is None:
            return Did(False, NO_GROUP, act.message_ids)
        try:
            return await self._there(act, chat, self._carry_out)
        except TelegramError as error:
            _raise_if_repeatable(error)
            said, right = refused(act, error)
            if right:
                self._lacks(act.place_id, right)
            return Did(False, said, act.message_ids)

    @staticmethod
    async def _there(act: Act, chat: int, do: Callable[[Act, int], Awaitable[_T]]) -> _T:
        """In the chat, or in the supergroup that it has become, where only the ids of messages mean other ones."""
        try:
            return await do(act, chat)
        except Refused as error:
            if not error.moved_to or act.power is Power.DELETE:
                raise
            return await do(act, int(error.moved_to))

    async def _carry_out(self, act: Act, chat: int) -> Did:
        said = await self._refusal(act, chat)
        if said:
            return Did(False, said, act.message_ids)
        if act.power is Power.DELETE:
            return await self._delete(act, chat)
        if act.power in (Power.LOCK, Power.UNLOCK):
            return await (self._topic(act, chat) if act.thread else self._writing(act, chat))
        member = await self._member(chat, int(act.account_id))
        limit = term(act.until, self._clock())
        settled = self._settled(act, member, limit)
        if settled is not None:
            return settled
        said = standing.above(member) or await self._right(act, chat, BAN)
        if said or (member is None and act.power is not Power.BAN):
            return Did(False, said or UNKNOWN)
        match act.power:
            case Power.TIMEOUT:
                return await self._timeout(act, chat, limit)
            case Power.RELEASE:
                return await self._release(act, chat)
            case Power.BAN:
                return await self._ban(act, chat, limit)
            case Power.KICK:
                return await self._kick(act, chat, member or {})
            case _:
                earlier = kept_limits(act.before)  # one without end may have been lifted since
                return await self._let_back(act, chat, earlier if earlier and earlier.until else None)

    async def _refusal(self, act: Act, chat: int) -> str:
        """What stands against an act before anybody's state matters: who it is about, and who decided it."""
        if act.power in _ON_PEOPLE and (said := standing.no_target(act, self._me())):
            return said
        if act.by.isdecimal() and (said := standing.shut_out(await self._member(chat, int(act.by)))):
            return said
        if act.power is Power.DELETE:
            return await self._author(act, chat) or await self._right(act, chat, DELETE)
        if act.power in (Power.LOCK, Power.UNLOCK):
            return await self._right(act, chat, TOPICS if act.thread else BAN)
        return ""

    async def _author(self, act: Act, chat: int) -> str:
        """Why what this account wrote is not ours to delete. What a foreign channel wrote is."""
        if act.account_id == act.place_id:
            return NO_PERSON
        if act.account_id.startswith("-"):
            linked = (await self._call("getChat", {"chat_id": chat})).get("linked_chat_id")
            return NO_PERSON if str(linked) == act.account_id else ""
        if not act.account_id:
            return ""
        return standing.no_target(act, self._me()) or standing.above(await self._member(chat, int(act.account_id)))

    async def _right(self, act: Act, chat: int, right: str) -> str:
        said = standing.lacking(await self._member(chat, self._me()), right)
        self._lacks(act.place_id, RIGHTS[right] if said else "")
        return said

    def _settled(self, act: Act, member: Json | None, limit: Term) -> Did | None:
        """The answer where nothing is to be done to this member."""
        status = member["status"] if member else ""
        banned = status == "kicked"
        until = int(member.get("until_date") or 0) if member else 0
        in_force = Did(True, limit.said, until=limit.until)
        match act.power:
            case Power.TIMEOUT if banned:
                return Did(False, BANNED_ANYWAY)
            case Power.TIMEOUT | Power.BAN if limit.over:
                return Did(True, OVER)
            case Power.TIMEOUT if member and muted(member) and until == limit.date:
                return in_force
            case Power.BAN if banned and until == limit.date:
                return in_force
            case Power.RELEASE if member is None or not muted(member):
                return Did(True, "" if member else UNKNOWN)
            case Power.UNBAN if not banned:
                return Did(True, "" if member else UNKNOWN)
            case Power.KICK if banned and not is_passing(until, self._clock()):
                return Did(False, BANNED_ALREADY)
            case Power.KICK if member and not banned and not present(member):
                return Did(True)
        return None

    async def _timeout(self, act: Act, chat: int, limit: Term) -> Did:
        await self._restrict(act, chat, Limits(frozenset(), limit.date))
        return Did(True, limit.said, until=limit.until)

    async def _release(self, act: Act, chat: int) -> Did:
        """All permissions are what lifts restrictions: then what everybody may holds for them again."""
        earlier = kept_limits(act.before)
        if earlier and earlier.running(self._clock()) and not earlier.silence:
            await self._restrict(act, chat, earlier)
            return Did(True, LIMITED_AGAIN)
        await self._restrict(act, chat, Limits(frozenset(PERMISSIONS), 0))
        return Did(True)

    async def _restrict(self, act: Act, chat: int, limited: Limits) -> None:
        await self._call(
            "restrictChatMember",
            {
                "chat_id": chat,
                "user_id": int(act.account_id),
                "permissions": limited.permissions,
                "use_independent_chat_permissions": True,
                "until_date": limited.until,
            },
        )

    async def _ban(self, act: Act, chat: int, limit: Term) -> Did:
        await self._put_out(act, chat, limit.date)
        if not keeps_bans(chat):
            return Did(False, NO_BAN_KEPT, part=True)
        return Did(True, limit.said, until=limit.until)

    async def _put_out(self, act: Act, chat: int, until_date: int) -> None:
        await self._call("banChatMember", {"chat_id": chat, "user_id": int(act.account_id), "until_date": until_date})

    async def _kick(self, act: Act, chat: int, member: Json) -> Did:
        """A ban that ends by itself, lifted at once. Found in force, it is one that we did not get to lift."""
        if member["status"] != "kicked":
            await self._put_out(act, chat, passing(self._clock()))
        if not keeps_bans(chat):
            return Did(True)
        return await self._let_back(act, chat, kept_limits(act.before) or limits(member))

    async def _let_back(self, act: Act, chat: int, earlier: Limits | None) -> Did:
        """End a ban; a timeout that was running before it goes on, or a kick would be a way out of one."""
        if earlier and earlier.running(self._clock()):
            await self._restrict(act, chat, earlier)
            return Did(True, STILL_LIMITED)
        await self._call("unbanChatMember", {"chat_id": chat, "user_id": int(act.account_id), "only_if_banned": True})
        return Did(True)

    async def _delete(self, act: Act, chat: int) -> Did:
        sweep = Sweep(self._call, chat)
        await sweep.delete([int(one) for one in act.message_ids if one.isdecimal()])
        left = {str(one) for one in sweep.left}
        if not left:
            return Did(True)
        asked = len(set(act.message_ids))
        return Did(
            len(left) < asked,
            TOO_OLD.format(left=len(left), asked=asked),
            tuple(one for one in act.message_ids if one in left),
        )

    async def _writing(self, act: Act, chat: int) -> Did:
        """Lock or unlock the whole chat; what else people may is left as it is now."""
        permissions = (await self._call("getChat", {"chat_id": chat})).get("permissions")
        if permissions is None:
            return Did(False, CHANNEL)
        if act.power is Power.LOCK:
            wanted: Json | None = dict.fromkeys(WRITING, False)
        else:
            wanted = kept_writing(act.before)
        if wanted is None:
            return Did(False, BEFORE_UNKNOWN)
        if any(bool(permissions.get(name)) is not may for name, may in wanted.items()):
            request = {
                "chat_id": chat,
                "permissions": {**permissions, **wanted},
                "use_independent_chat_permissions": True,
            }
            await self._change("setChatPermissions", request)
        return Did(True)

    async def _topic(self, act: Act, chat: int) -> Did:
        method = "closeForumTopic" if act.power is Power.LOCK else "reopenForumTopic"
        await self._change(method, {"chat_id": chat, "message_thread_id": int(act.thread)})
        return Did(True)

    async def _change(self, method: str, data: dict[str, Any]) -> None:
        """A request that is refused when it would change nothing."""
        try:
            await self._call(method, data)
        except Refused as error:
            if not error.says(*_NOT_CHANGED):
                raise

    async def _member(self, chat: int, user: int) -> Json | None:
        """The API's `ChatMember`, None for somebody whom Telegram does not know there."""
        try:
            member: Json = await self._call("getChatMember", {"chat_id": chat, "user_id": user})
        except Refused as error:
            if error.says(*NOBODY_THERE):
                return None
            raise
        return member

    async def _call(self, method: str, data: dict[str, Any]) -> Any:
        """Raises `TooManyRequests` while Telegram wants the chat to be left alone, `TelegramError` otherwise."""
        chat = data["chat_id"]
        rest = (self._resting.get(chat) or 0.0) - self._now()
        if rest > 0:
            raise TooManyRequests(rest, "Telegram asked to wait")
        try:
            return await self._api.call(method, data)
        except Refused as error:
            if error.code == 429:
                self._resting.put(chat, self._now() + error.retry_after)
            raise


def _raise_if_repeatable(error: TelegramError) -> None:
    trouble = contract_error(error)
    if isinstance(trouble, TooManyRequests | Transient | Unauthorized):
        raise trouble from None
