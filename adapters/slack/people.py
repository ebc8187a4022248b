"""Who is who and what is where: names, channels and user groups, looked up once and remembered for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.common.text import legible
from adapters.contract import Account, PlaceKind
from adapters.slack.api import within
from adapters.slack.refusals import Lost, Refused
from adapters.slack.translate import Channel, account_from
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

Json = dict[str, Any]

PATIENCE = 0.5  # seconds that an event waits for names: an acknowledgement is due within a second
_FRESH = 60 * 60 * 1000  # milliseconds
_AGAIN = 30 * 1000  # after a failure
_MOST = 20_000
_AT_ONCE = 10  # requests side by side
_KINDS = (("is_im", PlaceKind.DIRECT), ("is_mpim", PlaceKind.GROUP), ("is_private", PlaceKind.GROUP))

_Key = tuple[str, str]  # team, and the id of what is meant


class People:
    """A memory beside the Web API. What cannot be looked up is known by its id alone; nothing here raises."""

    def __init__(self, workspaces: Workspaces, clock: Callable[[], int]) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._accounts: Bounded[_Key, tuple[int, Account | None]] = Bounded(_MOST)
        self._channels: Bounded[_Key, tuple[int, Channel | None]] = Bounded(_MOST)
        self._directs: Bounded[_Key, str] = Bounded(_MOST)
        self._groups: dict[str, tuple[int, list[tuple[str, str]], dict[str, tuple[str, ...]]]] = {}
        self._under_way: dict[tuple[str, str, str], asyncio.Task[Any]] = {}

    async def stop(self) -> None:
        """End what is being looked up."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def resolve(self, at: Workspace, users: Iterable[str], channel: str = "", *, worth: bool = True) -> None:
        """Look up what is not known, for at most half a second. Not `worth` it: nothing is waited for or asked."""
        if not worth:
            return
        tasks = [
            self._start("user", at, user, self._look_up) for user in users if self._stale(self._accounts, at, user)
        ]
        # A direct chat is known by its id, and has no name.
        if channel and not channel.startswith("D") and self._stale(self._channels, at, channel):
            tasks.append(self._start("channel", at, channel, self._look_at))
        await within(PATIENCE, *tasks)

    def accounts(self, at: Workspace, users: Iterable[str]) -> dict[str, Account]:
        """Those that are known, by id."""
        found = {user: (self._accounts.get((at.me.team, user)) or (0, None))[1] for user in users}
        return {user: account for user, account in found.items() if account is not None}

    async def apps(self, at: Workspace, users: Sequence[str]) -> set[str]:
        """Which of these are apps and no people, looked up where it was never told; a few at a time, as Slack counts.

        Who cannot be looked up is none of them.
        """
        known = self.accounts(at, users)
        unknown = [user for user in users if user not in known and self._stale(self._accounts, at, user)]
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            await asyncio.wait([self._start("user", at, user, self._look_up) for user in some])
        return {user for user, account in self.accounts(at, users).items() if account.is_bot}

    def channel(self, at: Workspace, channel: str) -> Channel | None:
        """What is known of a conversation."""
        return (self._channels.get((at.me.team, channel)) or (0, None))[1]

    def forget_channel(self, at: Workspace, channel: str) -> None:
        """It was renamed."""
        self._channels.pop((at.me.team, channel))

    def note_user(self, at: Workspace, user: Json) -> None:
        """Slack told what somebody is called now."""
        key = (at.me.team, str(user["id"]))
        if self._accounts.get(key) is not None:
            self._accounts.put(key, (self._clock(), account_from(user, at.me.team)))

    def note_direct(self, at: Workspace, user: str, channel: str) -> None:
        """Somebody wrote in their direct chat."""
        self._directs.put((at.me.team, user), channel)

    async def direct(self, at: Workspace, user: str, *, patience: float | None = None) -> str:
        """The id of somebody's direct chat with the app.

        With `patience` (seconds) "" when it is not known by then; without, raises `Refused` and `Lost`.
        """
        key = (at.me.team, user)
        if (known := self._directs.get(key)) is not None:
            return known
        if patience is None:
            return await self._open(at, user)
        await within(patience, self._start("direct", at, user, self._try_open))
        return self._directs.get(key) or ""

    async def _open(self, at: Workspace, user: str) -> str:
        answer = await self._workspaces.call(at, "conversations.open", users=user)
        channel = str(answer["channel"]["id"])
        self._directs.put((at.me.team, user), channel)
        return channel

    async def _try_open(self, at: Workspace, user: str) -> None:
        try:
            await self._open(at, user)
        except (Refused, Lost) as error:
            log.debug("a direct chat was not found: %s", error)

    def _stale(self, memory: Bounded[_Key, tuple[int, Any]], at: Workspace, key: str) -> bool:
        found = memory.get((at.me.team, key))
        return found is None or self._clock() - found[0] > (_FRESH if found[1] is not None else _AGAIN)

    def _start(
        self, what: str, at: Workspace, key: str, look: Callable[[Workspace, str], Coroutine[Any, Any, None]]
    ) -> asyncio.Task[Any]:
        """One request for one thing, however many wait for it."""
        name = (what, at.me.team, key)
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(look(at, key))
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return task

    async def _look_up(self, at: Workspace, user: str) -> None:
        account = (self._accounts.get((at.me.team, user)) or (0, None))[1]
        try:
            answer = await self._workspaces.call(at, "users.info", user=user, include_locale=True)
            account = account_from(answer["user"], at.me.team)
        except (Refused, Lost, KeyError, TypeError) as error:
            log.debug("somebody's name is not known: %s", type(error).__name__)
        self._accounts.put((at.me.team, user), (self._clock(), account))

    async def _look_at(self, at: Workspace, channel: str) -> None:
        found = self.channel(at, channel)
        try:
            answer = (await self._workspaces.call(at, "conversations.info", channel=channel))["channel"]
            kind = next((kind for key, kind in _KINDS if answer.get(key)), PlaceKind.CHANNEL)
            found = Channel(channel, kind, legible(str(answer.get("name") or "")))
        except (Refused, Lost, KeyError, TypeError) as error:
            log.debug("a channel's name is not known: %s", type(error).__name__)
        self._channels.put((at.me.team, channel), (self._clock(), found))

    async def groups(self, at: Workspace, *, fresh: bool = False) -> list[tuple[str, str]]:
        """The user groups (id, name). Raises `Refused` and `Lost` where they are asked for."""
        known = self._groups.get(at.me.team)
        if known is not None and not fresh and self._clock() - known[0] < _FRESH:
            return known[1]
        answer = await self._workspaces.call(at, "usergroups.list", include_users=True)
        listed = [one for one in answer.get("usergroups") or () if not one.get("date_delete")]
        groups = [(str(one["id"]), legible(str(one.get("name") or one.get("handle") or one["id"]))) for one in listed]
        held: dict[str, tuple[str, ...]] = {}
        for one in listed:
            for user in one.get("users") or ():
                held[user] = (*held.get(user, ()), str(one["id"]))
        self._groups[at.me.team] = (self._clock(), groups, held)
        return groups

    async def refresh_groups(self, at: Workspace) -> None:
        """Look at the user groups again, for at most half a second; what was known goes when that fails."""
        task = self._start("groups", at, "", self._regroup)
        await within(PATIENCE, task)

    async def _regroup(self, at: Workspace, _: str) -> None:
        try:
            await self.groups(at, fresh=True)
        except (Refused, Lost) as error:
            self._groups.pop(at.me.team, None)
            log.debug("user groups are not known: %s", error)

    def roles(self, at: Workspace) -> Mapping[str, tuple[str, ...]] | None:
        """The user groups of each user, None where they are not known; looked at again, beside the talk, every hour."""
        known = self._groups.get(at.me.team)
        if known is None:
            return None
        if self._clock() - known[0] >= _FRESH:
            self._start("groups", at, "", self._regroup)
        return known[2]
