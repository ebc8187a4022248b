"""Who sends for a bot: one process at a time, by a row that its holder renews.

Two clocks guard it. The row expires by the database's clock, so that machines need not agree on the time; the holder
stops by its own monotonic clock, counted from *before* it asked for the renewal and with a margin, so that it has
stopped before anybody else begins, even if it was paused in between. What is left is a request that was under way at
that very moment (docs/decisions/0008).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, extract, func, select, text, update

from bot.cluster.tables import lease
from bot.log import log
from bot.outbox.sender import Lost
from bot.unit import AsyncStore
from bot.waiting import woken
from core.store import Unit
from core.store.schema import Json

LENGTH = 8.0  # seconds
RENEW = 2.0
_LISTEN = "listen:"
MARGIN = 2.0  # seconds before its end at which the holder stops

_NOW = cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)
_TAKE = text(
    """
    INSERT INTO lease AS mine (name, holder, epoch, expires_at, info)
    VALUES (:name, :holder, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + :length, :info)
    ON CONFLICT (name) DO UPDATE SET
      holder = excluded.holder,
      epoch = mine.epoch + CASE WHEN mine.holder = excluded.holder THEN 0 ELSE 1 END,
      expires_at = excluded.expires_at,
      info = excluded.info
    WHERE mine.holder = excluded.holder OR mine.expires_at < (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    RETURNING epoch
    """
).bindparams(bindparam("info", type_=Json))
_CHECK = (
    select(lease.c.epoch)
    .where(lease.c.name == bindparam("called"), lease.c.holder == bindparam("who"), lease.c.epoch == bindparam("which"))
    .with_for_update(read=True)
)
_RELEASE = (
    update(lease).where(lease.c.name == bindparam("called"), lease.c.holder == bindparam("who")).values(expires_at=0)
)
_KNOWN = select(lease.c.name, lease.c.info)
_ALIVE = select(lease.c.name).where(lease.c.expires_at > _NOW)


def lease_name(platform: str, secret: str) -> str:
    """The name of a bot's lease: never the token itself."""
    return f"{platform}:{hashlib.blake2b(secret.encode(), digest_size=12).hexdigest()}"


def listening(platform: str) -> str:
    """What stands for hearing a platform, where it tells its events to one process at a time."""
    return f"{_LISTEN}{platform}"


def _does(key: str) -> str:
    return "listens" if key.startswith(_LISTEN) else "sends"


def _bare(key: str) -> str:
    return key.removeprefix(_LISTEN)


def holder_name() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def take(unit: Unit, name: str, holder: str, length: float, info: Mapping[str, Any]) -> int | None:
    """Take or renew a lease for `length` seconds. Returns its epoch; None while another process has it."""
    values = {"name": name, "holder": holder, "length": int(length * 1000), "info": dict(info)}
    epoch = unit.execute(_TAKE, values).scalar()
    return int(epoch) if epoch is not None else None


def release(unit: Unit, name: str, holder: str) -> None:
    """Give it back, so that another process need not wait."""
    if unit.changed(_RELEASE, called=name, who=holder):
        unit.wake("lease")


def known(unit: Unit) -> dict[str, dict[str, Any]]:
    """By platform, what the process that sends (or last sent) for it lets others know."""
    return {row["name"].partition(":")[0]: row["info"] or {} for row in unit.rows(_KNOWN)}


def alive(unit: Unit) -> set[str]:
    """The platforms for which some process sends now."""
    return {row["name"].partition(":")[0] for row in unit.rows(_ALIVE)}


class Keeper:
    """Holds the leases of this process, as far as it gets them. It is the guard of `bot.outbox.sender.Sender`.

    `names` has the lease of each platform; one is sought once its platform is added. `info` gives what others need to
    know of a platform's started adapter.
    """

    def __init__(
        self,
        store: AsyncStore,
        names: Mapping[str, str],
        info: Callable[[str], Mapping[str, Any]],
        *,
        gained: Callable[[], None] = lambda: None,
        length: float = LENGTH,
        renew: float = RENEW,
        margin: float = MARGIN,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.holder = holder_name()
        self._store = store
        self._names = dict(names)
        self._info = info
        self._gained = gained
        self._length, self._renew, self._margin = length, renew, margin
        self._monotonic = monotonic
        self._sought: list[str] = []
        self._until: dict[str, float] = {}
        self._epochs: dict[str, int] = {}
        self._woken = asyncio.Event()

    def add(self, platform: str) -> None:
        """The platform's adapter is started: from now on its lease is sought."""
        if platform not in self._sought:
            self._sought.append(platform)
            self._woken.set()

    def remove(self, platform: str) -> None:
        """It is sought no more; what is held of it ends by itself."""
        if platform in self._sought:
            self._sought.remove(platform)
        self._until.pop(platform, None)

    def holds(self, platform: str) -> bool:
        """Whether this process may send for the platform at this moment."""
        return self._monotonic() < self._until.get(platform, 0.0)

    def check(self, unit: Unit, platform: str) -> None:
        """Raise `Lost` inside a unit unless the lease is still ours, in the epoch in which we got it."""
        which = self._epochs.get(platform, 0)
        if unit.value(_CHECK, called=self._names[platform], who=self.holder, which=which) is None:
            raise Lost(platform)

    def wake(self) -> None:
        """Somebody gave a lease back: look at once."""
        self._woken.set()

    async def look(self) -> None:
        """Take or renew each lease once."""
        for platform in list(self._sought):
            name = self._names[platform]
            began, held = self._monotonic(), self.holds(platform)
            info = self._info(platform)
            try:
                epoch = await self._store.write(
                    lambda unit, name=name, info=info: take(unit, name, self.holder, self._length, info)  # type: ignore[misc]
                )
            except Exception as error:
                log.warning("a lease could not be renewed", extra={"platform": platform, "why": type(error).__name__})
                continue
            if epoch is None:
                if self._until.pop(platform, None) is not None:
                    log.warning(f"another process {_does(platform)} now", extra={"platform": _bare(platform)})
                continue
            fresh = self._epochs.get(platform) != epoch or not held
            self._epochs[platform] = epoch
            self._until[platform] = began + self._length - self._margin
            if fresh:
                log.info(f"this process {_does(platform)}", extra={"platform": _bare(platform), "epoch": epoch})
                self._gained()

    async def run(self) -> None:
        """Keep what can be had, for ever."""
        while True:
            self._woken.clear()
            await self.look()
            await woken(self._woken, self._renew)

    async def stop(self) -> None:
        """Give back what is held."""
        held, self._until = list(self._until), {}
        for platform in held:
            try:
                await self._store.write(
                    lambda unit, name=self._names[platform]: release(unit, name, self.holder)  # type: ignore[misc]
                )
            except Exception as error:  # it expires by itself
                log.info("a lease was not given back", extra={"platform": platform, "why": type(error).__name__})
